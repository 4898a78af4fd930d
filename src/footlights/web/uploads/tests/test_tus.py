"""The tus endpoint as its clients see it (https://tus.io/protocols/resumable-upload)."""

import base64
import hashlib
import io
import zlib
from datetime import timedelta

import pytest
from django.test import Client

from footlights.accounts.testing import make_person
from footlights.kernel import storage
from footlights.kernel.clock import now
from footlights.media import api as media

pytestmark = pytest.mark.django_db

TUS = {"Tus-Resumable": "1.0.0"}
BODY = "application/offset+octet-stream"


@pytest.fixture
def creator(client: Client) -> Client:
    client.force_login(make_person(email="creator@example.org"))
    return client


@pytest.fixture
def stranger() -> Client:
    stranger = Client()
    stranger.force_login(make_person(email="stranger@example.org"))
    return stranger


def start(client: Client, size: int, name: str = "film.mp4", **headers: str):
    described = f"filename {base64.b64encode(name.encode()).decode()}"
    return client.post(
        "/uploads/", headers={**TUS, "Upload-Length": str(size), "Upload-Metadata": described, **headers}
    )


def send(client: Client, where: str, offset: int, body: bytes, **headers: str):
    return client.patch(where, body, content_type=BODY, headers={**TUS, "Upload-Offset": str(offset), **headers})


def offset_of(client: Client, where: str) -> str:
    return client.head(where, headers=TUS).headers.get("Upload-Offset", "none")


def upload_id(where: str) -> str:
    return where.rsplit("/", 1)[-1]


def test_options_tell_what_the_server_can(creator: Client) -> None:
    answer = creator.options("/uploads/")
    assert answer.status_code == 204
    assert answer["Tus-Version"] == "1.0.0"
    assert {"creation", "termination", "checksum", "expiration"} <= set(answer["Tus-Extension"].split(","))
    assert int(answer["Tus-Max-Size"]) == 50 * 10**9


def test_a_file_arrives_in_pieces_and_becomes_an_asset(creator: Client) -> None:
    where = start(creator, 10)["Location"]
    first = send(creator, where, 0, b"01234")
    assert (first.status_code, first["Upload-Offset"]) == (204, "5")
    assert "Upload-Expires" in first
    second = send(creator, where, 5, b"56789")
    assert (second.status_code, second["Upload-Offset"]) == (204, "10")
    head = creator.head(where, headers=TUS)
    assert (head["Upload-Offset"], head["Upload-Length"], head["Cache-Control"]) == ("10", "10", "no-store")


def test_what_is_stored_is_sealed(creator: Client) -> None:
    body = b"the whole plain film " * 100
    where = start(creator, len(body))["Location"]
    send(creator, where, 0, body)
    (key,) = storage.list_keys("sources/")
    assert b"plain film" not in storage.get(key)


def test_the_first_piece_may_come_with_the_announcement(creator: Client) -> None:
    answer = creator.post("/uploads/", b"0123", content_type=BODY, headers={**TUS, "Upload-Length": "10"})
    assert (answer.status_code, answer["Upload-Offset"]) == (201, "4")


def test_a_wrong_offset_stores_nothing_and_tells_the_right_one(creator: Client) -> None:
    where = start(creator, 10)["Location"]
    send(creator, where, 0, b"01234")
    for offset in (0, 4, 6):
        answer = send(creator, where, offset, b"x")
        assert (answer.status_code, answer["Upload-Offset"]) == (409, "5")
    assert offset_of(creator, where) == "5"


def test_more_than_announced_is_refused(creator: Client) -> None:
    where = start(creator, 4)["Location"]
    assert send(creator, where, 0, b"01234").status_code == 413
    assert offset_of(creator, where) == "0"


DIGESTS = {
    "sha1": hashlib.sha1(b"01234", usedforsecurity=False).digest(),
    "sha256": hashlib.sha256(b"01234").digest(),
    "crc32": zlib.crc32(b"01234").to_bytes(4, "big"),
}


@pytest.mark.parametrize("algorithm", DIGESTS)
def test_a_right_checksum_is_taken_and_a_wrong_one_stores_nothing(creator: Client, algorithm: str) -> None:
    digest = DIGESTS[algorithm]
    where = start(creator, 10)["Location"]
    wrong = send(creator, where, 0, b"01235", **{"Upload-Checksum": f"{algorithm} {base64.b64encode(digest).decode()}"})
    assert wrong.status_code == 460
    assert offset_of(creator, where) == "0"
    assert storage.list_keys("sources/") == []
    right = send(creator, where, 0, b"01234", **{"Upload-Checksum": f"{algorithm} {base64.b64encode(digest).decode()}"})
    assert right.status_code == 204
    assert offset_of(creator, where) == "5"


def test_an_unknown_checksum_is_refused(creator: Client) -> None:
    where = start(creator, 10)["Location"]
    assert send(creator, where, 0, b"0", **{"Upload-Checksum": "md4 AAAA"}).status_code == 400
    assert send(creator, where, 0, b"0", **{"Upload-Checksum": "sha1 not base64"}).status_code == 400


def test_an_upload_taken_back_is_gone_with_its_objects(creator: Client) -> None:
    where = start(creator, 10)["Location"]
    send(creator, where, 0, b"01234")
    assert creator.delete(where, headers=TUS).status_code == 204
    assert creator.head(where, headers=TUS).status_code == 404
    assert storage.list_keys("sources/") == []


def test_a_complete_upload_is_not_taken_back(creator: Client) -> None:
    where = start(creator, 1)["Location"]
    send(creator, where, 0, b"0")
    assert creator.delete(where, headers=TUS).status_code == 403


def test_an_abandoned_upload_expires_and_frees_its_space(creator: Client) -> None:
    where = start(creator, 10)["Location"]
    send(creator, where, 0, b"01234")
    assert media.expire_uploads(at=now() + timedelta(days=1)) == 0
    assert media.expire_uploads(at=now() + timedelta(days=3)) == 1
    assert storage.list_keys("sources/") == []
    assert creator.head(where, headers=TUS).status_code == 410
    assert send(creator, where, 5, b"5").status_code == 410


@pytest.mark.parametrize("length", ["0", "-1", "x", "", "1e3", "99999999999999999999"])
def test_a_senseless_length_is_refused(creator: Client, length: str) -> None:
    assert creator.post("/uploads/", headers={**TUS, "Upload-Length": length}).status_code == 400


def test_a_file_above_the_limit_is_refused_before_a_byte(creator: Client) -> None:
    answer = start(creator, 50 * 10**9 + 1)
    assert answer.status_code == 413
    assert "50 GB" in answer.text


def test_the_wrong_version_is_refused(creator: Client) -> None:
    answer = creator.post("/uploads/", headers={"Upload-Length": "5", "Tus-Resumable": "0.2.2"})
    assert (answer.status_code, answer["Tus-Version"]) == (412, "1.0.0")


def test_another_content_type_is_refused(creator: Client) -> None:
    where = start(creator, 10)["Location"]
    answer = creator.patch(where, b"01", content_type="text/plain", headers={**TUS, "Upload-Offset": "0"})
    assert answer.status_code == 415


def test_a_filename_is_only_a_name(creator: Client) -> None:
    where = start(creator, 10, name="../../etc/pass\x00wd\u202e.mp4")["Location"]
    row = media.get_upload(upload_id(where), creator.session["_auth_user_id"])
    assert row.filename == "passwd.mp4"


def test_a_stranger_sees_nobodys_upload(creator: Client, stranger: Client) -> None:
    where = start(creator, 10)["Location"]
    assert stranger.head(where, headers=TUS).status_code == 404
    assert send(stranger, where, 0, b"0").status_code == 404
    assert stranger.delete(where, headers=TUS).status_code == 404
    assert offset_of(creator, where) == "0"


def test_somebody_not_signed_in_uploads_nothing(creator: Client) -> None:
    where = start(creator, 10)["Location"]
    nobody = Client()
    assert start(nobody, 10).status_code == 401
    assert nobody.head(where, headers=TUS).status_code == 401
    assert send(nobody, where, 0, b"0").status_code == 401


def test_without_the_csrf_token_nothing_is_taken() -> None:
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(make_person(email="careful@example.org"))
    assert start(careful, 10).status_code == 403
    token = careful.cookies["csrf"] = "a" * 32
    answer = start(careful, 10, **{"X-CSRFToken": token})
    assert answer.status_code == 201
    assert send(careful, answer["Location"], 0, b"01", **{"X-CSRFToken": token}).status_code == 204
    assert send(careful, answer["Location"], 2, b"2").status_code == 403


def test_the_number_of_unfinished_uploads_is_bounded(creator: Client, settings) -> None:
    settings.MAX_UPLOADS_AT_ONCE = 2
    assert [start(creator, 10).status_code for _ in range(3)] == [201, 201, 400]


class Broken(io.BytesIO):
    """A connection that breaks after its bytes."""

    def read(self, size: int | None = -1) -> bytes:
        piece = super().read(size)
        if not piece:
            raise OSError("connection reset")
        return piece


def test_what_arrived_before_the_connection_broke_is_kept() -> None:
    owner = make_person(email="far@example.org").pk
    upload = media.start_upload(owner_id=owner, filename="a", size_bytes=10, content_type="", at=now())
    after = media.append_to_upload(upload_id=upload.id, owner_id=owner, offset_bytes=0, body=Broken(b"0123"), at=now())
    assert after.offset_bytes == 4


class Overtaken(io.BytesIO):
    """While this body is being read, another writer delivers the same bytes."""

    def __init__(self, body: bytes, overtake) -> None:
        super().__init__(body)
        self._overtake = overtake

    def read(self, size: int | None = -1) -> bytes:
        if self._overtake:
            overtake, self._overtake = self._overtake, None
            overtake()
        return super().read(size)


def test_of_two_writers_one_wins_and_the_other_is_told() -> None:
    owner = make_person(email="two@example.org").pk
    upload = media.start_upload(owner_id=owner, filename="a", size_bytes=8, content_type="", at=now())

    def append(body: io.BytesIO) -> media.Upload:
        return media.append_to_upload(upload_id=upload.id, owner_id=owner, offset_bytes=0, body=body, at=now())

    with pytest.raises(media.OffsetConflictError) as refused:
        append(Overtaken(b"loser", lambda: append(io.BytesIO(b"win"))))
    assert refused.value.offset_bytes == 3
    assert len(storage.list_keys("sources/")) == 1
    assert media.get_upload(upload.id, owner).offset_bytes == 3
