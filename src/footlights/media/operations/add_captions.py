import re
from datetime import datetime
from uuid import UUID

from babel import Locale, UnknownLocaleError
from django.db import transaction
from django.utils.translation import gettext as _

from footlights.kernel import storage
from footlights.kernel.errors import InvalidInputError, NotFoundError
from footlights.kernel.ids import new_token
from footlights.media import models, records
from footlights.media.adapters import captions
from footlights.media.queries import captions_record

_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")


def add_captions(
    *, asset_id: UUID, owner_id: UUID, language: str, body: bytes, filename: str = "", at: datetime
) -> records.Captions:
    """Keep captions (WebVTT or SRT, whatever `filename` says) as clean WebVTT; they replace those of the same language.

    Raises InvalidInputError in the sender's words, NotFoundError.
    """
    del filename  # what a file is called says nothing about what is in it
    asset = models.Asset.objects.filter(id=asset_id, owner_id=owner_id, deleted_at=None).first()
    if asset is None:
        raise NotFoundError("There is no such film.")
    language = _language(language)
    clean = captions.to_webvtt(body)
    token = new_token()
    storage.put(f"media/{token}/{language}.vtt", clean.encode(), content_type="text/vtt")
    with transaction.atomic():
        old = models.Captions.objects.select_for_update(no_key=True).filter(asset=asset, language=language).first()
        row, _created = models.Captions.objects.update_or_create(
            asset=asset, language=language, defaults={"token": token, "created_at": at}
        )
    if old and old.token != token:
        storage.delete_prefix(f"media/{old.token}/")
    return captions_record(row)


def copy_captions(*, from_asset_id: UUID, to_asset_id: UUID, at: datetime) -> None:
    """Give a replacing file the captions of the one it replaces, except in languages it already has. Repeatable."""
    there = set(models.Captions.objects.filter(asset_id=to_asset_id).values_list("language", flat=True))
    for row in models.Captions.objects.filter(asset_id=from_asset_id).exclude(language__in=there):
        token = new_token()
        content = storage.get(f"media/{row.token}/{row.language}.vtt")
        storage.put(f"media/{token}/{row.language}.vtt", content, content_type="text/vtt")
        _copy, created = models.Captions.objects.get_or_create(
            asset_id=to_asset_id, language=row.language, defaults={"token": token, "created_at": at}
        )
        if not created:
            storage.delete_prefix(f"media/{token}/")


def remove_captions(*, captions_id: UUID, owner_id: UUID) -> None:
    """Raises NotFoundError."""
    row = models.Captions.objects.filter(id=captions_id, asset__owner_id=owner_id).first()
    if row is None:
        raise NotFoundError(_("There are no such captions."))
    row.delete()
    storage.delete_prefix(f"media/{row.token}/")


def _language(tag: str) -> str:
    """A language tag (BCP 47) in its usual writing: pt-br becomes pt-BR."""
    tag = tag.strip().replace("_", "-")
    unknown = InvalidInputError(_("Choose the language of the captions."), field="language")
    if not _TAG.fullmatch(tag):
        raise unknown
    try:
        return str(Locale.parse(tag, sep="-")).replace("_", "-")
    except (UnknownLocaleError, ValueError) as error:
        raise unknown from error
