import pytest

from footlights.config.sign_in_services import ServiceSettingsError, read_services

SCHOOL = {
    "FOOTLIGHTS_OIDC_SCHOOL_URL": "https://id.school.example/realm/",
    "FOOTLIGHTS_OIDC_SCHOOL_ID": "films",
    "FOOTLIGHTS_OIDC_SCHOOL_SECRET": "s",
}
APPLE = {f"FOOTLIGHTS_APPLE_{name}": name for name in ("ID", "KEY_ID", "TEAM_ID")} | {
    "FOOTLIGHTS_APPLE_SECRET": "-----BEGIN\\nKEY"
}


def test_without_settings_no_service_is_offered() -> None:
    assert read_services({"FOOTLIGHTS_SITE_URL": "https://tv.example"}) == {}


@pytest.mark.parametrize("name", ["GOOGLE", "FACEBOOK", "X"])
def test_a_service_is_offered_once_it_is_configured(name: str) -> None:
    found = read_services({f"FOOTLIGHTS_{name}_ID": "i", f"FOOTLIGHTS_{name}_SECRET": "s"})
    [provider] = found.values()
    assert provider["APPS"][0] | {"name": ""} == {"name": "", "client_id": "i", "secret": "s"}


def test_apple_signs_with_its_key() -> None:
    app = read_services(APPLE)["apple"]["APPS"][0]
    assert (app["secret"], app["key"]) == ("KEY_ID", "TEAM_ID")
    assert app["settings"]["certificate_key"] == "-----BEGIN\nKEY"


def test_any_number_of_openid_services_may_be_offered() -> None:
    work = {name.replace("SCHOOL", "WORK"): value for name, value in SCHOOL.items()}
    found = read_services(SCHOOL | work | {"FOOTLIGHTS_OIDC_WORK_NAME": "The office"})
    assert [(app["provider_id"], app["name"]) for app in found["openid_connect"]["APPS"]] == [
        ("school", "School"),
        ("work", "The office"),
    ]


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"FOOTLIGHTS_GOOGLE_ID": "i"}, "FOOTLIGHTS_GOOGLE_SECRET"),
        ({**APPLE, "FOOTLIGHTS_APPLE_TEAM_ID": ""}, "FOOTLIGHTS_APPLE_TEAM_ID"),
        ({**SCHOOL, "FOOTLIGHTS_OIDC_SCHOOL_SECRET": ""}, "FOOTLIGHTS_OIDC_SCHOOL_SECRET"),
        ({**SCHOOL, "FOOTLIGHTS_OIDC_SCHOOL_URL": "http://id.school.example"}, "https"),
    ],
)
def test_what_is_configured_by_half_or_in_clear_is_told_at_the_start(settings: dict[str, str], said: str) -> None:
    with pytest.raises(ServiceSettingsError, match=said):
        read_services(settings)
