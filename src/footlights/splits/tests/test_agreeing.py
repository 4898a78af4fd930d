import uuid
from datetime import timedelta

import pytest

from footlights.accounts.api import Role
from footlights.accounts.testing import make_person
from footlights.audit.testing import recorded
from footlights.catalog.testing import join_team
from footlights.kernel.clock import now
from footlights.kernel.errors import InvalidInputError, NotAllowedError, NotFoundError
from footlights.splits.api import (
    NewParty,
    ProposalOverError,
    State,
    Subject,
    SubjectKind,
    address_asked,
    decline_split,
    find_asked,
    find_subject,
    get_agreement,
    list_agreements,
    list_agreements_of_channel,
    list_agreements_of_person,
    propose_split,
    register_subject,
    shares_of,
    sign_split,
    take_up,
    withdraw_split,
)
from footlights.splits.models import AgreementRow, PartyRow
from footlights.splits.resealing import reseal_parties
from footlights.splits.testing import agree

AT = now()


def propose(title, *parties: tuple[object, int], at=AT, by=None, from_at=None):
    news = [NewParty(getattr(person, "email", person), bps) for person, bps in parties]
    return propose_split(
        subject_kind=SubjectKind.TITLE,
        subject_id=title.id,
        parties=news,
        by_id=by.pk if by else title.owner_id,
        at=at,
        from_at=from_at,
    )


def shares(title, at=AT) -> dict[str, int]:
    """By what follows the colon, so that tests read `{channel: …, person: …}`."""
    return {account.partition(":")[2]: bps for account, bps in shares_of(SubjectKind.TITLE, title.id, at)}


def test_a_title_nobody_shares_is_all_the_channels(title) -> None:
    assert shares_of(SubjectKind.TITLE, title.id, AT) == ()


def test_nothing_is_shared_until_everybody_signed(title, director, actor) -> None:
    agreement, _ = propose(title, (director, 3_000), (actor, 1_000))
    sign_split(agreement_id=agreement.id, person_id=director.pk, at=AT)
    assert shares(title) == {}
    signed = sign_split(agreement_id=agreement.id, person_id=actor.pk, at=AT)
    assert (signed.state, signed.in_force_from) == (State.AGREED, AT)
    assert shares(title) == {str(title.channel_id): 6_000, str(director.pk): 3_000, str(actor.pk): 1_000}


def test_an_agreement_signed_late_takes_nothing_of_what_was_sold_before(title, director) -> None:
    agreement, _ = propose(title, (director, 5_000), from_at=AT - timedelta(days=30))
    later = AT + timedelta(days=2)
    assert sign_split(agreement_id=agreement.id, person_id=director.pk, at=later).in_force_from == later
    assert (shares(title, AT), len(shares(title, later))) == ({}, 2)


def test_an_agreement_may_begin_later(title, director) -> None:
    begins = AT + timedelta(days=30)
    agreement, _ = propose(title, (director, 5_000), from_at=begins)
    assert sign_split(agreement_id=agreement.id, person_id=director.pk, at=AT).in_force_from == begins
    assert (shares(title, AT), len(shares(title, begins))) == ({}, 2)


def test_a_second_signature_changes_nothing(title, director) -> None:
    agreement, _ = propose(title, (director, 5_000))
    first = sign_split(agreement_id=agreement.id, person_id=director.pk, at=AT)
    assert sign_split(agreement_id=agreement.id, person_id=director.pk, at=AT + timedelta(days=1)) == first
    assert len(recorded("split.signed")) == 1


def test_who_would_lose_a_share_has_to_sign_as_well(title, director, actor) -> None:
    agree(title, (director, 3_000), at=AT)
    agreement, asked = propose(title, (actor, 2_000))
    assert {(each.person_id, each.address) for each in asked} == {(actor.pk, actor.email), (director.pk, "")}
    sign_split(agreement_id=agreement.id, person_id=actor.pk, at=AT)
    assert str(director.pk) in shares(title), "what was agreed holds until all have signed"
    sign_split(agreement_id=agreement.id, person_id=director.pk, at=AT)
    assert shares(title) == {str(title.channel_id): 8_000, str(actor.pk): 2_000}


def test_who_is_to_lose_a_share_only_later_signs_for_losing_it_now(title, director, actor) -> None:
    agree(title, (director, 3_000), at=AT)
    later, _ = propose(title, (actor, 2_000), from_at=AT + timedelta(days=60))
    for person in (director, actor):
        sign_split(agreement_id=later.id, person_id=person.pk, at=AT)
    sooner, asked = propose(title)
    assert {each.person_id for each in asked} == {director.pk, actor.pk}
    for person in (director, actor):
        sign_split(agreement_id=sooner.id, person_id=person.pk, at=AT)
    assert shares(title, AT) == shares(title, AT + timedelta(days=61)) == {}


def test_all_goes_back_to_the_channel_when_those_who_shared_agree(title, director) -> None:
    agree(title, (director, 3_000), at=AT)
    agreement, _ = propose(title)
    assert agreement.channel_bps == 10_000
    sign_split(agreement_id=agreement.id, person_id=director.pk, at=AT)
    assert shares(title) == {}


def test_where_nobody_shares_there_is_nothing_to_take_back(title) -> None:
    with pytest.raises(InvalidInputError, match="Name somebody"):
        propose(title)


def test_one_proposal_at_a_time(title, director, actor) -> None:
    agreement, _ = propose(title, (director, 3_000))
    with pytest.raises(InvalidInputError, match="not everybody has signed"):
        propose(title, (actor, 3_000))
    withdrawn = withdraw_split(agreement_id=agreement.id, by_id=title.owner_id, at=AT)
    assert withdrawn.state is State.WITHDRAWN
    assert withdraw_split(agreement_id=agreement.id, by_id=title.owner_id, at=AT) == withdrawn
    propose(title, (actor, 3_000))


def test_one_who_declines_ends_it_for_all(title, director, actor) -> None:
    agreement, _ = propose(title, (director, 3_000), (actor, 1_000))
    assert decline_split(agreement_id=agreement.id, person_id=director.pk, at=AT).state is State.DECLINED
    with pytest.raises(ProposalOverError, match="in the meantime"):
        sign_split(agreement_id=agreement.id, person_id=actor.pk, at=AT)
    with pytest.raises(ProposalOverError):
        withdraw_split(agreement_id=agreement.id, by_id=title.owner_id, at=AT)
    assert [record.act for record in recorded()] == ["split.proposed", "split.declined"]


def test_what_is_agreed_is_not_declined_later(title, director) -> None:
    agreement = agree(title, (director, 3_000), at=AT)
    with pytest.raises(ProposalOverError):
        decline_split(agreement_id=agreement.id, person_id=director.pk, at=AT)


def test_only_the_owner_shares_what_a_channel_earns(title, director, stranger) -> None:
    for role in (Role.FINANCE, Role.EDITOR):
        member = make_person()
        join_team(type("Channel", (), {"id": title.channel_id}), member, role)
        with pytest.raises(NotFoundError):
            propose(title, (director, 1_000), by=member)
    agreement, _ = propose(title, (director, 1_000))
    with pytest.raises(NotFoundError):
        withdraw_split(agreement_id=agreement.id, by_id=stranger.pk, at=AT)


def test_a_stranger_finds_no_agreement_and_signs_none(title, director, creator, stranger) -> None:
    agreement, _ = propose(title, (director, 1_000))
    for person in (director, creator):
        assert get_agreement(agreement.id, person.pk) == agreement
    for attempt in (
        lambda: get_agreement(agreement.id, stranger.pk),
        lambda: get_agreement(uuid.uuid4(), stranger.pk),
        lambda: sign_split(agreement_id=agreement.id, person_id=stranger.pk, at=AT),
        lambda: decline_split(agreement_id=uuid.uuid4(), person_id=stranger.pk, at=AT),
        lambda: withdraw_split(agreement_id=uuid.uuid4(), by_id=creator.pk, at=AT),
    ):
        with pytest.raises(NotFoundError):
            attempt()


def test_the_owner_is_no_party_of_their_own(title, creator) -> None:
    with pytest.raises(InvalidInputError, match="leave its owner out"):
        propose(title, (creator, 1_000))


def test_what_is_nobodys_cannot_be_shared(creator, director, title) -> None:
    for kind, subject_id in ((SubjectKind.TITLE, uuid.uuid4()), (SubjectKind.EVENT, title.id)):
        with pytest.raises(NotFoundError):
            propose_split(
                subject_kind=kind, subject_id=subject_id, parties=[NewParty("a@x.org", 1)], by_id=creator.pk, at=AT
            )


def test_a_context_brings_subjects_of_its_own(creator, director, title, monkeypatch) -> None:
    monkeypatch.setattr("footlights.splits.subjects._finders", {})
    register_subject(SubjectKind.PLAN, lambda plan_id: Subject(title.channel_id, "Supporters"))
    subject_id = uuid.uuid4()
    agreement, _ = propose_split(
        subject_kind=SubjectKind.PLAN,
        subject_id=subject_id,
        parties=[NewParty(director.email, 500)],
        by_id=creator.pk,
        at=AT,
    )
    sign_split(agreement_id=agreement.id, person_id=director.pk, at=AT)
    assert dict(shares_of(SubjectKind.PLAN, subject_id, AT))[f"person:{director.pk}"] == 500
    assert find_subject(SubjectKind.PLAN, subject_id) == Subject(title.channel_id, "Supporters")


def test_somebody_without_an_account_comes_by_a_link_and_by_nobody_elses(title, stranger) -> None:
    agreement, [asked] = propose(title, ("New@Example.org ", 2_500))
    assert (asked.address, asked.person_id, address_asked(asked.token)) == ("new@example.org", None, "new@example.org")
    assert find_asked(asked.token) == agreement
    assert agreement.parties[0].address == "new@example.org"
    with pytest.raises(NotAllowedError, match="another address"):
        take_up(token=asked.token, person_id=stranger.pk)
    newcomer = make_person(email="new@example.org")
    assert take_up(token=asked.token, person_id=newcomer.pk) == agreement.id
    assert sign_split(agreement_id=agreement.id, person_id=newcomer.pk, at=AT).state is State.AGREED
    row = PartyRow.objects.get()
    assert (row.sealed_address, row.digest, row.address) == (None, None, "")
    with pytest.raises(NotFoundError):
        take_up(token=asked.token, person_id=newcomer.pk)
    assert (find_asked(asked.token), address_asked(asked.token)) == (None, "")


def test_nobody_is_in_one_agreement_twice_by_two_addresses(title, director) -> None:
    _agreement, [_, asked] = propose(title, (director, 100), ("other@example.org", 100))
    director.email = "other@example.org"
    director.save(update_fields=["email"])
    with pytest.raises(NotAllowedError, match="in this agreement already"):
        take_up(token=asked.token, person_id=director.pk)


def test_the_address_of_somebody_asked_is_sealed_anew(title) -> None:
    _agreement, [asked] = propose(title, ("new@example.org", 2_500))
    row = PartyRow.objects.get()
    sealed = bytes(row.sealed_address)
    assert b"example" not in sealed
    assert reseal_parties() == 0, "it is sealed with the newest key already"
    PartyRow.objects.filter(pk=row.pk).update(sealed_address=sealed)  # as resealing writes it
    assert address_asked(asked.token) == "new@example.org"


def test_agreements_are_found_by_subject_channel_and_party(title, director, actor) -> None:
    first = agree(title, (director, 3_000), at=AT)
    second, _ = propose(title, (actor, 2_000))
    assert [each.id for each in list_agreements(SubjectKind.TITLE, title.id)] == [second.id, first.id]
    assert [each.id for each in list_agreements_of_channel(title.channel_id)] == [second.id, first.id]
    assert [each.id for each in list_agreements_of_person(actor.pk)] == [second.id]
    assert list_agreements_of_person(actor.pk, 2) == []
    assert second.party(uuid.uuid4()) is None
    assert str(AgreementRow.objects.get(pk=second.id)).endswith("proposed")
    assert str(PartyRow.objects.filter(agreement_id=first.id).get()).endswith(f"3000 of {first.id}")


def test_the_trail_tells_every_party_who_shares_what(title, director) -> None:
    agree(title, (director, 3_000), at=AT)
    proposed, signed = recorded("split.proposed") + recorded("split.signed")
    assert (proposed.channel_id, proposed.actor_id) == (title.channel_id, title.owner_id)
    assert director.pk in proposed.person_ids
    assert signed.after["bps"] == {str(director.pk): 3_000}
