"""A channel's team: who gets in, by which link, as what; and that nobody else does."""

from datetime import timedelta
from io import BytesIO

import pytest

from footlights.accounts.api import Role
from footlights.accounts.testing import make_person
from footlights.audit.testing import recorded
from footlights.catalog import api, models
from footlights.catalog.operations.end_uploads import end_uploads
from footlights.catalog.operations.follow_asset import attach_upload
from footlights.catalog.testing import join_team, make_channel, make_title
from footlights.kernel.clock import now
from footlights.kernel.errors import InvalidInputError, NotAllowedError, NotFoundError
from footlights.kernel.testing import run_jobs
from footlights.media import api as media
from footlights.media.testing import make_upload

ADDRESS = "mate@example.org"


@pytest.fixture
def mate(db):
    return make_person(ADDRESS)


def invite(channel, by, address=ADDRESS, role=Role.EDITOR, at=None):
    return api.invite_member(channel_id=channel.id, by_id=by.pk, address=address, role=role, at=at or now())


def test_an_invitation_makes_its_person_a_member_once(creator, channel, mate):
    token = invite(channel, creator, address=" Mate@Example.org ")
    api.join_team(token=token, person_id=mate.pk, at=now())
    assert [(each.person_id, each.role) for each in api.list_team(channel.id)] == [(mate.pk, Role.EDITOR)]
    assert [each.role for each in api.list_memberships(mate.pk)] == [Role.EDITOR]
    with pytest.raises(NotFoundError):
        api.join_team(token=token, person_id=mate.pk, at=now())


def test_what_is_kept_of_an_invitation_neither_opens_it_nor_names_anybody(creator, channel):
    token = invite(channel, creator)
    row = models.Invitation.objects.get()
    kept = b" ".join([bytes(row.digest), bytes(row.sealed_address), row.address_digest.encode()])
    assert token.encode() not in kept
    assert ADDRESS.encode() not in kept
    assert api.find_invitation(token, now()).address == ADDRESS


def test_an_invitation_is_for_its_own_address_alone(creator, channel, stranger):
    token = invite(channel, creator)
    with pytest.raises(NotAllowedError):
        api.join_team(token=token, person_id=stranger.pk, at=now())
    assert api.list_team(channel.id) == []
    assert api.find_invitation(token, now()) is not None


def test_an_invitation_ends_after_a_week_or_by_another_or_when_withdrawn(creator, channel, mate):
    old = invite(channel, creator)
    token = invite(channel, creator, role=Role.ANALYST)
    [listed] = api.list_invitations(channel.id, now())
    api.withdraw_invitation(channel_id=channel.id, invitation_id=listed.id, by_id=creator.pk)
    late = invite(channel, creator, at=now() - timedelta(days=7))
    for dead in (old, token, late, "no-such-token"):
        with pytest.raises(NotFoundError):
            api.join_team(token=dead, person_id=mate.pk, at=now())


@pytest.mark.parametrize("role", [Role.CREATOR, Role.ADMINISTRATOR, Role.VISITOR])
def test_nobody_is_invited_or_made_what_no_team_has(creator, channel, mate, role):
    with pytest.raises(InvalidInputError):
        invite(channel, creator, role=role)
    join_team(channel, mate, Role.EDITOR)
    with pytest.raises(InvalidInputError):
        api.change_member_role(channel_id=channel.id, person_id=mate.pk, role=role, by_id=creator.pk, at=now())


def test_only_the_owner_manages_the_team_and_no_member_raises_themselves(creator, channel, stranger):
    members = {role: make_person() for role in (Role.EDITOR, Role.FINANCE, Role.ANALYST, Role.MODERATOR)}
    for role, person in members.items():
        join_team(channel, person, role)
    for person in (stranger, *members.values()):
        with pytest.raises(NotFoundError):
            invite(channel, person)
        with pytest.raises(NotFoundError):
            api.change_member_role(
                channel_id=channel.id, person_id=members[Role.ANALYST].pk, role=Role.FINANCE, by_id=person.pk, at=now()
            )
        with pytest.raises(NotFoundError):
            api.remove_member(channel_id=channel.id, person_id=members[Role.ANALYST].pk, by_id=person.pk, at=now())
    assert {each.role for each in api.list_team(channel.id)} == members.keys()


def test_owner_and_members_are_not_invited_again_and_a_team_is_bounded(creator, channel, mate, monkeypatch):
    for address in (creator.email, ADDRESS):
        join_team(channel, mate, Role.EDITOR) if address == ADDRESS else None
        with pytest.raises(InvalidInputError):
            invite(channel, creator, address=address)
    monkeypatch.setattr("footlights.catalog.policies.MAX_TEAM", 1)
    with pytest.raises(InvalidInputError):
        invite(channel, creator, address="one-too-many@example.org")


def test_roles_change_and_end_and_each_is_in_the_trail(creator, channel, mate):
    api.join_team(token=invite(channel, creator), person_id=mate.pk, at=now())
    for _twice in range(2):
        api.change_member_role(channel_id=channel.id, person_id=mate.pk, role=Role.FINANCE, by_id=creator.pk, at=now())
    api.leave_team(channel_id=channel.id, person_id=mate.pk, at=now())
    assert api.list_memberships(mate.pk) == []
    with pytest.raises(NotFoundError):
        api.remove_member(channel_id=channel.id, person_id=mate.pk, by_id=creator.pk, at=now())
    acts = [each.act for each in recorded() if each.act.startswith("team.")]
    assert acts == ["team.invited", "team.joined", "team.role_changed", "team.left"]


def test_a_role_counts_on_its_own_channel_alone(creator, channel, mate):
    elsewhere = make_title(make_channel(creator))
    here = make_title(channel)
    join_team(channel, mate, Role.EDITOR)
    api.edit_title(title_id=here.id, editor_id=mate.pk, at=now(), name="By the editor")
    with pytest.raises(NotFoundError):
        api.edit_title(title_id=elsewhere.id, editor_id=mate.pk, at=now(), name="Not mine")
    with pytest.raises(NotFoundError):
        api.delete_titles(title_ids=[here.id, elsewhere.id], editor_id=mate.pk, at=now())


def test_what_an_editor_uploads_is_the_channels(creator, channel, mate):
    join_team(channel, mate, Role.EDITOR)
    whole = make_upload(mate.pk)
    title = api.create_title(channel_id=channel.id, editor_id=mate.pk, name="Dusk", upload_id=whole.id, at=now())
    assert media.get_asset(title.asset_id).owner_id == creator.pk
    again = api.create_title(channel_id=channel.id, editor_id=mate.pk, name="Dusk", upload_id=whole.id, at=now())
    assert again.id == title.id


def test_an_upload_whose_sender_left_the_team_joins_no_title(creator, channel, mate):
    title, whole = make_title(channel, playable=False), make_upload(mate.pk)
    models.Title.objects.filter(pk=title.id).update(upload_id=whole.id)
    attach_upload(upload_id=whole.id, asset_id=whole.asset_id, owner_id=mate.pk, at=now())
    assert api.get_title(title.id).asset_id is None


def leave(channel, creator, mate):
    api.leave_team(channel_id=channel.id, person_id=mate.pk, at=now())


def be_removed(channel, creator, mate):
    api.remove_member(channel_id=channel.id, person_id=mate.pk, by_id=creator.pk, at=now())


def become_analyst(channel, creator, mate):
    role = Role.ANALYST
    api.change_member_role(channel_id=channel.id, person_id=mate.pk, role=role, by_id=creator.pk, at=now())


@pytest.mark.parametrize("part", [leave, be_removed, become_analyst])
def test_what_a_sender_had_not_finished_ends_with_their_right_to_send(creator, channel, mate, part):
    join_team(channel, mate, Role.EDITOR)
    film, trailer, private = (
        media.start_upload(owner_id=mate.pk, filename="film.mp4", size_bytes=9, at=now()) for _ in range(3)
    )
    title = api.create_title(channel_id=channel.id, editor_id=mate.pk, name="Dusk", upload_id=film.id, at=now())
    api.set_trailer(title_id=title.id, editor_id=mate.pk, upload_id=trailer.id, at=now())
    part(channel, creator, mate)
    run_jobs(only="catalog")
    assert [upload.id for upload in media.list_uploads(mate.pk)] == [private.id]
    row = models.Title.objects.get(pk=title.id)
    assert (row.upload_id, row.trailer_upload_id) == (None, None)
    with pytest.raises(NotFoundError):
        media.append_to_upload(upload_id=film.id, owner_id=mate.pk, offset_bytes=0, body=BytesIO(b"x" * 9), at=now())


def test_a_file_that_was_whole_before_its_sender_left_is_the_owners(creator, channel, mate):
    join_team(channel, mate, Role.EDITOR)
    title, film, trailer = make_title(channel, playable=False), make_upload(mate.pk), make_upload(mate.pk)
    models.Title.objects.filter(pk=title.id).update(upload_id=film.id, trailer_upload_id=trailer.id)
    leave(channel, creator, mate)
    run_jobs(only="catalog")
    row = models.Title.objects.get(pk=title.id)
    assert (row.asset_id, row.next_trailer_asset_id) == (film.asset_id, trailer.asset_id)
    assert {media.get_asset(asset).owner_id for asset in (film.asset_id, trailer.asset_id)} == {creator.pk}


def test_a_file_that_was_finished_after_its_sender_left_is_deleted(channel, mate):
    title, late = make_title(channel, playable=False), make_upload(mate.pk)
    models.Title.objects.filter(pk=title.id).update(upload_id=late.id)
    for _twice in range(2):
        end_uploads(channel_id=channel.id, person_id=mate.pk, at=now())
    assert models.Title.objects.get(pk=title.id).upload_id is None
    assert media.list_assets([late.asset_id]) == {}


def test_who_may_edit_again_by_then_goes_on_sending(creator, channel, mate):
    join_team(channel, mate, Role.EDITOR)
    film = media.start_upload(owner_id=mate.pk, filename="film.mp4", size_bytes=9, at=now())
    api.create_title(channel_id=channel.id, editor_id=mate.pk, name="Dusk", upload_id=film.id, at=now())
    be_removed(channel, creator, mate)
    join_team(channel, mate, Role.EDITOR)
    run_jobs(only="catalog")
    assert [upload.id for upload in media.list_uploads(mate.pk)] == [film.id]


def test_access_tells_the_role_in_one_query(channel, mate, stranger, django_assert_num_queries):
    title = make_title(channel, state="draft")
    join_team(channel, mate, Role.ANALYST)
    with django_assert_num_queries(1):
        access = api.title_access(title.id, mate.pk)
    assert (access.role, access.is_manager) == (Role.ANALYST, True)
    assert api.title_access(title.id, stranger.pk).role is None
