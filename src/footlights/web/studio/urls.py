"""The studio: where creators make, price and watch over their titles. Mounted at /studio/."""

from django.urls import path

from footlights.web.studio.views import (
    activity,
    captions,
    channel,
    files,
    home,
    invitation,
    money,
    poster,
    price,
    team,
    title,
    titles,
    upload,
)

app_name = "studio"

urlpatterns = [
    path("", home.show, name="home"),
    path("channels/new", channel.open_channel, name="channel_new"),
    path("channels/handle", channel.suggest_handle, name="channel_handle"),
    path("channels/current", channel.switch, name="channel_switch"),
    path("channel", channel.edit, name="channel"),
    path("channel/embedding", channel.embedding, name="channel_embedding"),
    path("titles", titles.show, name="titles"),
    path("titles/bulk", titles.change_many, name="titles_bulk"),
    path("titles/restored", titles.restore_many, name="titles_restored"),
    path("titles/<uuid:title_id>", title.details, name="title"),
    path("titles/<uuid:title_id>/saved", title.autosave, name="title_saved"),
    path("titles/<uuid:title_id>/poster", poster.poster, name="title_poster"),
    path("titles/<uuid:title_id>/captions", captions.captions, name="title_captions"),
    path(
        "titles/<uuid:title_id>/captions/<uuid:captions_id>/removed",
        captions.remove_captions,
        name="title_captions_item",
    ),
    path("titles/<uuid:title_id>/price", price.price, name="title_price"),
    path("titles/<uuid:title_id>/visibility", title.visibility, name="title_visibility"),
    path("titles/<uuid:title_id>/published", title.publish, name="title_publish"),
    path("titles/<uuid:title_id>/file", files.file, name="title_file"),
    path("titles/<uuid:title_id>/file/retried", files.retry, name="title_retry"),
    path("titles/<uuid:title_id>/trailer", files.trailer, name="title_trailer"),
    path("titles/<uuid:title_id>/trailer/state", files.trailer_state, name="title_trailer_state"),
    path("titles/<uuid:title_id>/trailer/retried", files.retry_trailer, name="title_trailer_retry"),
    path("titles/<uuid:title_id>/deleted", title.delete, name="title_delete"),
    path("titles/<uuid:title_id>/restored", title.restore, name="title_restore"),
    path("upload", upload.show, name="upload"),
    path("upload/titles", upload.create, name="upload_titles"),
    path("titles/<uuid:title_id>/price/preview", price.price_preview, name="price_preview"),
    path("money", money.show, name="money"),
    path("activity", activity.show, name="activity"),
    path("team", team.show, name="team"),
    path("team/invitations", team.invite, name="team_invitations"),
    path("team/invitations/<uuid:invitation_id>/withdrawn", team.withdraw, name="team_invitation_withdrawn"),
    path("team/<uuid:person_id>/role", team.change_role, name="team_role"),
    path("team/<uuid:person_id>/removed", team.remove, name="team_removed"),
    path("team/left", team.leave, name="team_left"),
    path("invitations/<str:token>", invitation.answer, name="invitation"),
]
