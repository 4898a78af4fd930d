"""The numbers by which tax offices know people and businesses: whether one can exist, told without asking anybody.

Each country's own rule, by python-stdnum. Where a country gives several kinds (a person's, a foreigner's, a firm's),
any of them fits. A country whose rule is not known here takes any number of letters and digits: to refuse a true number
would keep somebody's money from them. Pure.
"""

import re
from collections.abc import Mapping
from typing import Any

from stdnum import iban
from stdnum.at import tin as at_tin
from stdnum.at import uid as at_uid
from stdnum.be import bis as be_bis
from stdnum.be import nn as be_nn
from stdnum.be import vat as be_vat
from stdnum.bg import egn as bg_egn
from stdnum.bg import pnf as bg_pnf
from stdnum.bg import vat as bg_vat
from stdnum.cy import vat as cy_vat
from stdnum.cz import dic as cz_dic
from stdnum.cz import rc as cz_rc
from stdnum.de import idnr as de_idnr
from stdnum.de import stnr as de_stnr
from stdnum.de import vat as de_vat
from stdnum.dk import cpr as dk_cpr
from stdnum.dk import cvr as dk_cvr
from stdnum.ee import ik as ee_ik
from stdnum.ee import kmkr as ee_kmkr
from stdnum.ee import registrikood as ee_registrikood
from stdnum.es import nif as es_nif
from stdnum.eu import vat as eu_vat
from stdnum.exceptions import ValidationError
from stdnum.fi import hetu as fi_hetu
from stdnum.fi import ytunnus as fi_ytunnus
from stdnum.fr import nif as fr_nif
from stdnum.fr import siren as fr_siren
from stdnum.fr import siret as fr_siret
from stdnum.gr import vat as gr_vat
from stdnum.hr import oib as hr_oib
from stdnum.ie import pps as ie_pps
from stdnum.ie import vat as ie_vat
from stdnum.it import codicefiscale as it_codicefiscale
from stdnum.it import iva as it_iva
from stdnum.nl import bsn as nl_bsn
from stdnum.pl import nip as pl_nip
from stdnum.pl import pesel as pl_pesel
from stdnum.pt import nif as pt_nif
from stdnum.ro import cf as ro_cf
from stdnum.se import orgnr as se_orgnr
from stdnum.se import personnummer as se_personnummer
from stdnum.us import ein as us_ein
from stdnum.us import itin as us_itin
from stdnum.us import ssn as us_ssn

LENGTH_MAX = 40
PLAIN = re.compile(r"[A-Z0-9][A-Z0-9 ./+-]{2,}")
LOOKS_LIKE_IBAN = re.compile(r"[A-Z]{2}\d{2}")

# Left out, so that any number fits: Hungary, Latvia, Lithuania, Luxembourg, Malta, Slovenia, Slovakia and all others.
FORMS: Mapping[str, tuple[Any, ...]] = {
    "AT": (at_tin, at_uid),
    "BE": (be_nn, be_bis, be_vat),
    "BG": (bg_egn, bg_pnf, bg_vat),
    "CY": (cy_vat,),
    "CZ": (cz_rc, cz_dic),
    "DE": (de_idnr, de_stnr, de_vat),
    "DK": (dk_cpr, dk_cvr),
    "EE": (ee_ik, ee_registrikood, ee_kmkr),
    "ES": (es_nif,),
    "FI": (fi_hetu, fi_ytunnus),
    "FR": (fr_nif, fr_siren, fr_siret),
    "GR": (gr_vat,),
    "HR": (hr_oib,),
    "IE": (ie_pps, ie_vat),
    "IT": (it_codicefiscale, it_iva),
    "NL": (nl_bsn,),
    "PL": (pl_pesel, pl_nip),
    "PT": (pt_nif,),
    "RO": (ro_cf,),
    "SE": (se_personnummer, se_orgnr),
    "US": (us_ssn, us_itin, us_ein),
}


def tidy_tax_number(typed: str, country: str) -> str:
    """The number without spaces around it and in capitals; empty when no tax office there gives one of this form."""
    number = " ".join(typed.upper().split())
    if len(number) > LENGTH_MAX or not PLAIN.fullmatch(number):
        return ""
    forms = FORMS.get(country)
    return number if forms is None or any(form.is_valid(number) for form in forms) else ""


def tidy_vat_number(typed: str) -> str:
    """A VAT number of the Union, with its country's letters; empty when there is none of this form."""
    try:
        return str(eu_vat.validate(typed))
    except ValidationError:
        return ""


def tidy_account_number(typed: str) -> str:
    """An IBAN that adds up, or another bank's number as typed; empty for an IBAN with a slip in it."""
    number = "".join(typed.upper().split())
    if len(number) > LENGTH_MAX or not PLAIN.fullmatch(number):
        return ""
    return number if not LOOKS_LIKE_IBAN.match(number) or iban.is_valid(number) else ""
