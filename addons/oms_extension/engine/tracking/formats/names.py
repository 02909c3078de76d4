"""What aggregators call countries and carriers, in our words."""

from __future__ import annotations

import re
from typing import Final

_ALPHA_3: Final = """
    ABWAW AFGAF AGOAO AIAAI ALAAX ALBAL ANDAD AREAE ARGAR ARMAM ASMAS ATFTF ATGAG AUSAU AUTAT
    AZEAZ BDIBI BELBE BENBJ BESBQ BFABF BGDBD BGRBG BHRBH BHSBS BIHBA BLMBL BLRBY BLZBZ BMUBM
    BOLBO BRABR BRBBB BRNBN BTNBT BWABW CAFCF CANCA CCKCC CHECH CHLCL CHNCN CIVCI CMRCM CODCD
    COGCG COKCK COLCO COMKM CPVCV CRICR CUBCU CUWCW CXRCX CYMKY CYPCY CZECZ DEUDE DJIDJ DMADM
    DNKDK DOMDO DZADZ ECUEC EGYEG ERIER ESHEH ESPES ESTEE ETHET FINFI FJIFJ FLKFK FRAFR FROFO
    FSMFM GABGA GBRGB GEOGE GGYGG GHAGH GIBGI GINGN GLPGP GMBGM GNBGW GNQGQ GRCGR GRDGD GRLGL
    GTMGT GUFGF GUMGU GUYGY HKGHK HNDHN HRVHR HTIHT HUNHU IDNID IMNIM INDIN IOTIO IRLIE IRNIR
    IRQIQ ISLIS ISRIL ITAIT JAMJM JEYJE JORJO JPNJP KAZKZ KENKE KGZKG KHMKH KIRKI KNAKN KORKR
    KWTKW LAOLA LBNLB LBRLR LBYLY LCALC LIELI LKALK LSOLS LTULT LUXLU LVALV MACMO MAFMF MARMA
    MCOMC MDAMD MDGMG MDVMV MEXMX MHLMH MKDMK MLIML MLTMT MMRMM MNEME MNGMN MNPMP MOZMZ MRTMR
    MSRMS MTQMQ MUSMU MWIMW MYSMY MYTYT NAMNA NCLNC NERNE NFKNF NGANG NICNI NIUNU NLDNL NORNO
    NPLNP NRUNR NZLNZ OMNOM PAKPK PANPA PCNPN PERPE PHLPH PLWPW PNGPG POLPL PRIPR PRKKP PRTPT
    PRYPY PSEPS PYFPF QATQA REURE ROURO RUSRU RWARW SAUSA SDNSD SENSN SGPSG SGSGS SHNSH SJMSJ
    SLBSB SLESL SLVSV SMRSM SOMSO SPMPM SRBRS SSDSS STPST SURSR SVKSK SVNSI SWESE SWZSZ SXMSX
    SYCSC SYRSY TCATC TCDTD TGOTG THATH TJKTJ TKLTK TKMTM TLSTL TONTO TTOTT TUNTN TURTR TUVTV
    TWNTW TZATZ UGAUG UKRUA URYUY USAUS UZBUZ VATVA VCTVC VENVE VGBVG VIRVI VNMVN VUTVU WLFWF
    WSMWS XKKXK YEMYE ZAFZA ZMBZM ZWEZW
"""
"""ISO 3166-1: three letters, then the two of the same country (from CLDR's territory aliases)."""

_ALPHA_2: Final = {word[:3]: word[3:] for word in _ALPHA_3.split()}

_ALIASES: Final = {
    "dhl": "dhl_express",
    "dhlexpress": "dhl_express",
    "dhlgermany": "dhl_parcel_de",
    "dhlpaket": "dhl_parcel_de",
    "dhlparcel": "dhl_parcel_de",
    "dhlparcelde": "dhl_parcel_de",
    "deutschepost": "dhl_parcel_de",
    "dhlecommerce": "dhl_ecommerce",
    "dhlglobalmail": "dhl_ecommerce",
    "dhlecs": "dhl_ecommerce",
    "upsdap": "ups",
    "upsmailinnovations": "ups",
    "fedexdefault": "fedex",
    "fedexsmartpost": "fedex",
    "fedexground": "fedex",
    "stampscom": "usps",
    "endicia": "usps",
    "canadapost": "canadapost",
    "royalmail": "royalmail",
    "australiapost": "australiapost",
    "auspost": "australiapost",
    "austrianpost": "postat",
    "laposte": "laposte",
    "lapostecolissimo": "laposte",
    "colissimo": "laposte",
    "chronopostfrance": "chronopost",
    "posteitaliane": "poste_italiane",
    "brtit": "brt",
    "bartolini": "brt",
    "glsitaly": "gls",
    "glsde": "gls",
    "glseu": "gls",
    "dpdde": "dpd",
    "dpduk": "dpd",
    "postnl3s": "postnl",
    "postnlinternational": "postnl",
    "swisspost": "swiss_post",
    "spaincorreoses": "correos",
    "brazilcorreios": "correios",
    "correiosbrazil": "correios",
    "sfexpress": "sf_express",
    "hermesuk": "evri",
    "purolator": "purolator",
}
"""Carriers as EasyPost, AfterShip, Shippo, ShipEngine, Sendcloud and 17TRACK call them, without
what is no letter or digit; from their public lists of carriers. The others' names are kept."""


def country(code: str) -> str:
    """ISO 3166-1 alpha-2 of a code of two or three letters; empty for anything else.

    >>> country("jpn"), country("it"), country("United States")
    ('JP', 'IT', '')
    """
    code = code.upper()
    return code if len(code) == 2 and code.isalpha() else _ALPHA_2.get(code, "")


def carrier(name: str) -> str:
    """The key of a carrier as an aggregator calls it.

    >>> carrier("FedEx"), carrier("canada-post"), carrier("DHLExpress"), carrier("Some Post")
    ('fedex', 'canadapost', 'dhl_express', 'some_post')
    """
    name = name.casefold()
    squeezed = re.sub(r"[\W_]+", "", name)
    return _ALIASES.get(squeezed) or re.sub(r"[\W_]+", "_", name).strip("_")
