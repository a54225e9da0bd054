"""The words that mean something in a Belgian customer's name or address: data, in Dutch, French, English and German.

Inferred from how firms and streets are named; a word that is missing here costs a little evidence and no mistake.
"""

from __future__ import annotations

# Legal forms, by the class in which Dutch, French and former names of one form stand together.
_LEGAL: dict[str, str] = {
    "bv": "bv bvba sprl srl sprlu ebvba bvbas sprls bvbao ebv",
    "nv": "nv sa",
    "vzw": "vzw asbl ivzw aisbl",
    "cv": "cv cvba scrl sc cvoa scris scs scrlfs cvbaso",
    "comm": "commv scomm gcv comva commva",
    "vof": "vof snc",
    "stichting": "stichting",
    "gmbh": "gmbh ug",
    "ag": "ag",
    "ltd": "ltd limited llc llp plc inc corp",
    "sarl": "sarl sas sasu eurl eirl",
    "spa": "srls spa slu",
    "maatschap": "maatschap",
}
LEGAL: dict[str, str] = {word: form for form, words in _LEGAL.items() for word in words.split()}

# Legal forms written out, in folded letters; replaced by their abbreviation before words are looked at.
LEGAL_PHRASES: tuple[tuple[str, str], ...] = (
    ("besloten vennootschap met beperkte aansprakelijkheid", "bvba"),
    ("societe privee a responsabilite limitee", "sprl"),
    ("societe a responsabilite limitee", "srl"),
    ("besloten vennootschap", "bv"),
    ("naamloze vennootschap", "nv"),
    ("societe anonyme", "sa"),
    ("vereniging zonder winstoogmerk", "vzw"),
    ("association sans but lucratif", "asbl"),
    ("cooperatieve vennootschap", "cv"),
    ("societe cooperative", "sc"),
    ("gewone commanditaire vennootschap", "gcv"),
    ("commanditaire vennootschap", "commv"),
    ("societe en commandite", "scomm"),
    ("comm v", "commv"),
    ("s comm", "scomm"),
    ("vennootschap onder firma", "vof"),
    ("societe en nom collectif", "snc"),
    ("b v b a", "bvba"),
    ("s p r l", "sprl"),
    ("v z w", "vzw"),
    ("a s b l", "asbl"),
    ("s r l", "srl"),
    ("v o f", "vof"),
)

# Words that tell one firm of a family from the next: the same owner, address, phone and mail, another firm.
_STRUCTURE: dict[str, str] = {
    "holding": "holding holdings houdster financiere participations participaties participatie",
    "invest": "invest investment investments investering investeringen investissement investissements capital",
    "immo": "immo immobilien immobilier immobiliere vastgoed estate estates patrimonium patrimoine immobilia "
    "realestate woningen vastgoedmaatschappij",
    "management": "management managment mgmt beheer gestion",
    "consult": "consult consulting consultancy consultants advies conseil conseils advisory",
    "group": "group groep groupe gruppe",
    "finance": "finance financial finances financieringen",
    "properties": "properties property projects projecten projets development ontwikkeling developments",
    "services": "services service diensten dienst",
    "logistics": "logistics logistiek logistique transport transports",
    "international": "international internationaal export import",
    "belgium": "belgium belgie belgique benelux europe nederland france luxembourg",
    "trading": "trading trade handel negoce",
    "rental": "rent rental verhuur location lease leasing",
    "production": "production productions productie manufacturing industries industrie",
    "retail": "retail store stores shop",
    # What stands behind the door of a school or a house of care, and has books of its own.
    "parents": "parents oudercomite ouderraad oudervereniging",
    "friends": "amicale vriendenkring oudstudenten",
    "youth": "scouts chiro gidsen",
    "nursery": "kleuter kleuterafdeling maternelle",
    "primary": "lagere primaire",
    "secondary": "secundair secundaire secondaire middelbare",
}
STRUCTURE: dict[str, int] = {
    word: bit for bit, words in enumerate(_STRUCTURE.values()) for word in words.split()
}
STRUCTURES = tuple(_STRUCTURE)

# Those of them that are looked for within a word as well, where a blank was lost.
GROWN_TOGETHER = ("management", "holding", "vastgoed", "invest", "group", "immo")

# Words so common in names that having or lacking them says nothing.
_STOP_WORDS = """
de het een der den des du la le les l d t van von und en et and the of aux au a in te ter ten op voor
pour firma firme ets etablissement etablissements etn co cie compagnie company zoon zonen fils
vennootschap societe dhr mevr mr mme m mw heer mevrouw monsieur madame met avec
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())

# Abbreviations in names.
NAME_WORDS: dict[str, str] = {
    "st": "sint",
    "saint": "sint",
    "sainte": "sint",
    "intl": "international",
    "int": "international",
    "gebr": "gebroeders",
    "alg": "algemene",
    "ondern": "onderneming",
    "mgt": "management",
    "serv": "services",
    "bel": "belgium",
    "inst": "instituut",
    "institut": "instituut",
    "coll": "college",
    "gem": "gemeentelijke",
    "apoth": "apotheek",
    "pharm": "pharmacie",
    "bs": "basisschool",
    "wzc": "woonzorgcentrum",
    "kdv": "kinderdagverblijf",
    "assoc": "association",
    "ass": "association",
}

# A street's type, by class; the rest of the name is what identifies it. Suffixes are tried longest first.
STREET_TYPES: dict[str, int] = {
    word: number
    for number, words in enumerate(
        (
            "straat str rue r street st strasse",
            "laan ln avenue av ave lane",
            "steenweg stwg stw stnwg chaussee ch chee chss road rd",
            "plein pln place pl square sq markt plaats",
            "baan boulevard bd bld boul blvd",
            "weg wg chemin chem route rte drive dr",
            "kaai quai kade",
            "lei",
            "dreef drève dreve drv allee",
            "hof clos close cour crescent cct circuit",
            "pad sentier impasse venelle passage",
            "park parc zoning zone industriepark",
        ),
        start=1,
    )
    for word in words.split()
}
STREET_SUFFIXES = (
    "steenweg",
    "straat",
    "strasse",
    "plaats",
    "dreef",
    "plein",
    "markt",
    "stwg",
    "laan",
    "baan",
    "kaai",
    "kade",
    "hof",
    "lei",
    "pad",
    "weg",
    "str",
    "stw",
    "ln",
)
_STREET_STOP = """
de het der den des du la le les l d t van en et of a aux au in te ter ten op sur the
"""
STREET_STOP = frozenset(_STREET_STOP.split())
_BOX_WORDS = """
bus bte boite box bt b apt app appt unit flat verdiep etage ver
"""
BOX_WORDS = frozenset(_BOX_WORDS.split())
# Words of street names that Brussels and the language border write in two languages.
STREET_WORDS: dict[str, str] = {
    "eglise": "kerk",
    "gare": "station",
    "stations": "station",
    "moulin": "molen",
    "ecole": "school",
    "ecoles": "school",
    "loi": "wet",
    "royale": "koning",
    "koninklijke": "koning",
    "konings": "koning",
    "roi": "koning",
    "reine": "koningin",
    "haute": "hoog",
    "hoge": "hoog",
    "neuve": "nieuw",
    "nieuwe": "nieuw",
    "longue": "lang",
    "lange": "lang",
    "verte": "groene",
    "marche": "markt",
    "grand": "groot",
    "grande": "groot",
    "grote": "groot",
    "chateau": "kasteel",
    "pont": "brug",
    "bois": "bos",
    "champs": "veld",
    "champ": "veld",
    "industrie": "nijverheid",
    "nijverheids": "nijverheid",
    "saint": "sint",
    "sainte": "sint",
    "st": "sint",
    "ste": "sint",
    "burg": "burgemeester",
    "bourgmestre": "burgemeester",
    "dr": "dokter",
    "docteur": "dokter",
    "louise": "louiza",
    "liberte": "vrijheid",
    "vrijheids": "vrijheid",
    "independance": "onafhankelijkheid",
    "midi": "zuid",
    "nord": "noord",
    "est": "oost",
    "ouest": "west",
}

# Towns with two names.
_CITIES = """
brussel bruxelles brussels; gent gand ghent; antwerpen anvers antwerp; luik liege; namen namur; bergen
mons; doornik tournai; kortrijk courtrai; leuven louvain; mechelen malines; brugge bruges; oostende
ostende ostend; aalst alost; dendermonde termonde; ieper ypres; lier lierre; ronse renaix; geraardsbergen
grammont; oudenaarde audenarde; sint-niklaas saint-nicolas; sint-truiden saint-trond; tienen tirlemont;
tongeren tongres; vilvoorde vilvorde; halle hal; hasselt; nijvel nivelles; waver wavre; waterloo; aarlen
arlon; bastenaken bastogne; borgworm waremme; hoei huy; moeskroen mouscron; komen comines; edingen
enghien; zinnik soignies; aat ath; lessen lessines; vloesberg flobecq; elzele ellezelles; geldenaken
jodoigne; eigenbrakel braine-l'alleud; kasteelbrakel braine-le-chateau; 's-gravenbrakel braine-le-comte;
tubeke tubize; terhulpen la hulpe; elsene ixelles; ukkel uccle; schaarbeek schaerbeek; sint-gillis
saint-gilles; vorst forest; jette; sint-jans-molenbeek molenbeek-saint-jean; anderlecht; etterbeek;
oudergem auderghem; watermaal-bosvoorde watermael-boitsfort; sint-pieters-woluwe woluwe-saint-pierre;
sint-lambrechts-woluwe woluwe-saint-lambert; sint-joost-ten-node saint-josse-ten-noode; koekelberg;
ganshoren; sint-agatha-berchem berchem-sainte-agathe; evere; veurne furnes; diksmuide dixmude; roeselare
roulers; menen menin; poperinge poperinghe; nieuwpoort nieuport; de-panne la-panne; de-haan le-coq;
dowaai douai; rijsel lille; keulen cologne koln; den-haag s-gravenhage la-haye; parijs paris; londen
london londres; maastricht; luxemburg luxembourg; st-vith sankt-vith; vise wezet; bitsingen bassenge;
jurbise jurbeke; bever bievene; linkebeek; kraainem crainhem; wezembeek-oppem; sint-genesius-rode
rhode-saint-genese
"""
CITIES: dict[str, str] = {}
for _line in _CITIES.replace("\n", " ").split(";"):
    _names = [_n.replace("-", " ").replace("'", " ").strip() for _n in _line.split()]
    if _names:
        CITIES.update(dict.fromkeys(_names, _names[0]))

# Mail of these domains says nothing about the firm.
_FREE_MAIL = """
gmail.com googlemail.com hotmail.com hotmail.be hotmail.fr outlook.com outlook.be outlook.fr live.com
live.be live.nl live.fr msn.com yahoo.com yahoo.fr yahoo.be icloud.com me.com mac.com telenet.be
skynet.be proximus.be pandora.be belgacom.net scarlet.be voo.be base.be mobistar.be orange.fr wanadoo.fr
free.fr laposte.net gmx.com gmx.net gmx.de web.de ziggo.nl kpnmail.nl planet.nl xs4all.nl proton.me
protonmail.com aol.com edpnet.be brutele.be win.be mail.com euronet.be tiscali.be advalvas.be busmail.net
versateladsl.be swing.be tvcablenet.be
"""
FREE_MAIL = frozenset(_FREE_MAIL.split())
FREE_MAIL_NAMES = frozenset(
    domain.split(".")[0]
    for domain in FREE_MAIL
    if len(domain.split(".")[0]) > 4 or domain.startswith(("live", "gmx"))
)
