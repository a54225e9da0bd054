"""Words the practice company is made of: places, people, trades, legal forms. Data only.

Places are real pairs of postcode and city; people and firms are put together from common words and stand for
nobody.
"""

from __future__ import annotations

# The names that every rendering of outside text must survive. Country, language, name.
SPECIAL: tuple[tuple[str, str, str], ...] = (
    ("BE", "nl", "Foo [BE] bvba"),
    ("BE", "nl", "Peeters & Zonen BV"),
    ("BE", "nl", "Garage Łukasz"),
    ("BE", "nl", 'Café "\'t Hoekje"'),
    ("GB", "en", "Smith [/] Sons Ltd"),
    ("BE", "nl", "מאפיית השלום BV"),
    (
        "BE",
        "fr",
        "Société coopérative agréée des Anciens Établissements Vandenberghe-Delacroix, Dubois et Associés "
        "pour la Rénovation durable des Bâtiments scolaires et communaux de Wallonie SC",
    ),
    ("BE", "nl", "D'Hondt-Van den Broeck CommV"),
    ("BE", "nl", "<b>Bold</b> NV"),
)

_DUTCH_PLACES = """
2000 Antwerpen|2018 Antwerpen|2060 Antwerpen|2100 Deurne|2140 Borgerhout|2170 Merksem|2200 Herentals
2300 Turnhout|2400 Mol|2440 Geel|2500 Lier|2600 Berchem|2610 Wilrijk|2640 Mortsel|2650 Edegem
2800 Mechelen|2850 Boom|2900 Schoten|2930 Brasschaat|3000 Leuven|3001 Heverlee|3010 Kessel-Lo|3200 Aarschot
3290 Diest|3300 Tienen|3500 Hasselt|3600 Genk|3700 Tongeren|3800 Sint-Truiden|3920 Lommel|3960 Bree
8000 Brugge|8200 Sint-Andries|8300 Knokke-Heist|8370 Blankenberge|8400 Oostende|8500 Kortrijk|8530 Harelbeke
8600 Diksmuide|8630 Veurne|8700 Tielt|8790 Waregem|8800 Roeselare|8900 Ieper|9000 Gent|9050 Gentbrugge
9040 Sint-Amandsberg|9100 Sint-Niklaas|9160 Lokeren|9200 Dendermonde|9300 Aalst|9400 Ninove|9500 Geraardsbergen
9600 Ronse|9700 Oudenaarde|9800 Deinze|9900 Eeklo|1500 Halle|1730 Asse|1800 Vilvoorde|1930 Zaventem|1000 Brussel
"""
_FRENCH_PLACES = """
1000 Bruxelles|1030 Schaerbeek|1050 Ixelles|1060 Saint-Gilles|1180 Uccle|1300 Wavre|1348 Louvain-la-Neuve
1400 Nivelles|1410 Waterloo|1420 Braine-l'Alleud|4000 Liège|4020 Liège|4040 Herstal|4100 Seraing|4500 Huy
4800 Verviers|5000 Namur|5030 Gembloux|5100 Jambes|5500 Dinant|6000 Charleroi|6041 Gosselies|6600 Bastogne
6700 Arlon|6900 Marche-en-Famenne|7000 Mons|7100 La Louvière|7500 Tournai|7700 Mouscron|7800 Ath
"""
_GERMAN_PLACES = "4700 Eupen|4720 Kelmis|4730 Raeren|4750 Bütgenbach|4760 Büllingen|4780 Sankt Vith"


def _pairs(text: str) -> tuple[tuple[str, str], ...]:
    found = []
    for entry in text.replace("\n", "|").split("|"):
        if entry:
            postcode, _, city = entry.partition(" ")
            found.append((postcode, city))
    return tuple(found)


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split("|"))


PLACES: dict[str, tuple[tuple[str, str], ...]] = {
    "nl": _pairs(_DUTCH_PLACES),
    "fr": _pairs(_FRENCH_PLACES),
    "de": _pairs(_GERMAN_PLACES),
}

STREETS: dict[str, tuple[str, ...]] = {
    "nl": _words(
        "Kerkstraat|Stationsstraat|Dorpsstraat|Molenstraat|Nieuwstraat|Schoolstraat|Veldstraat|Kapelstraat|"
        "Industrielaan|Ambachtenlaan|Leopoldlaan|Koning Albertlaan|Lindenlaan|Beukendreef|Grote Markt|"
        "Sint-Jansplein|Kanaalkaai|Gentsesteenweg|Antwerpsesteenweg|Brusselsesteenweg|Bosstraat|Hoogstraat|"
        "Vlasmarkt|Zandstraat|Heidestraat|Oude Baan|Nijverheidskaai|Wilgenpad|Ringlaan|Abdijstraat"
    ),
    "fr": _words(
        "Rue de la Station|Rue de l'Église|Rue du Moulin|Rue Neuve|Avenue Louise|Chaussée de Charleroi|"
        "Chaussée de Namur|Place Communale|Rue des Écoles|Rue Haute|Avenue des Tilleuls|Boulevard du Nord|"
        "Rue de la Gare|Quai de la Meuse|Rue du Commerce|Avenue de l'Industrie|Rue Saint-Joseph|Clos des Hêtres|"
        "Rue du Château|Drève du Bois|Place du Marché|Rue des Tanneurs|Rue du Pont|Rue de Liège"
    ),
    "de": _words(
        "Hauptstraße|Bahnhofstraße|Kirchstraße|Schulstraße|Klosterstraße|Malmedyer Straße|Aachener Straße|"
        "Marktplatz|Bergstraße|Gewerbestraße|Wiesenweg|Mühlenweg"
    ),
    "en": _words("High Street|Station Road|Mill Lane|Market Street|Harbour Road|Church Lane"),
}

FIRST_NAMES: dict[str, tuple[str, ...]] = {
    "nl": _words(
        "An|Bart|Bram|Caroline|Dirk|Elke|Els|Emma|Femke|Filip|Geert|Greet|Hilde|Ilse|Inge|Jan|Jef|Jeroen|Joke|"
        "Joris|Karel|Katrien|Koen|Kristof|Lien|Lieve|Lotte|Luc|Maarten|Marleen|Nele|Niels|Pieter|Reinhilde|"
        "Ruben|Sara|Sofie|Stijn|Tine|Tom|Veerle|Wim|Wout|Zoë|Øystein|Björn"
    ),
    "fr": _words(
        "Amélie|Antoine|Aurélie|Benoît|Cédric|Chloé|Christelle|Delphine|Didier|Élodie|Éric|Fabienne|François|"
        "Françoise|Gaëlle|Grégory|Hélène|Isabelle|Jean-Luc|Joël|Julie|Laurent|Léa|Loïc|Marc|Maïté|Michel|"
        "Nathalie|Noémie|Olivier|Pascale|Quentin|Raphaël|Sabine|Sébastien|Thérèse|Valérie|Xavier|Yvette"
    ),
    "de": _words(
        "Anke|Bernd|Birgit|Dieter|Elfriede|Günther|Heike|Jürgen|Käthe|Klaus|Lothar|Manfred|Monika|Rolf|Sigrid|"
        "Ulrike|Ursula|Volker|Walburga|Wolfgang"
    ),
}

LAST_NAMES: dict[str, tuple[str, ...]] = {
    "nl": _words(
        "Peeters|Janssens|Maes|Jacobs|Mertens|Willems|Claes|Goossens|Wouters|De Smet|Vermeulen|Pauwels|Hermans|"
        "Aerts|Michiels|Van den Broeck|De Clercq|Van Damme|Desmet|Smets|Verhoeven|Martens|Cools|Segers|"
        "Van de Velde|De Backer|Lemmens|Bogaert|De Cock|Vandenberghe|Baert|Stevens|Coppens|Verbeke|De Vos|"
        "Lauwers|Thys|Declercq|Cuypers|Van Hove|Verstraete|Bauwens|Dewulf|Vanhoutte|Geerts|Moens|D'Hondt|"
        "Wauters|Engels|Brouwers|Ceulemans|Segaert|Roelandts|Nijs|Heylen|Vandamme|Baeten|Vets|Torfs|Callens|"
        "Dierckx|Van Acker|Blommaert|Laureys|Huysmans|Van Looy|De Ridder|Vercammen|Schepers|Timmermans"
    ),
    "fr": _words(
        "Dubois|Lambert|Dupont|Martin|Simon|Laurent|Leclercq|Denis|Renard|Lejeune|Gérard|Collignon|Legrand|"
        "Fontaine|Delvaux|Marchal|Bodart|Dumont|Henry|Noël|Gillet|Léonard|Adam|Charlier|Lemaire|Wathelet|"
        "Thiry|Servais|Bertrand|Mathieu|Delhaye|Defays|Hubert|Cornet|Piette|Guillaume|Evrard|Toussaint|"
        "Demoulin|Lacroix|Bastin|Poncelet|Warnier|Culot|Mahieu|Nicaise|Pirard|Ransquin|Vaessen|Ziane"
    ),
    "de": _words(
        "Schmitz|Müller|Heinen|Jost|Lenz|Pauels|Reuter|Schröder|Thielen|Veithen|Wiesemes|Zimmermann|Kessel|"
        "Hilgers|Brandt|Küpper|Theissen|Mertes|Rauw|Krings"
    ),
}

TRADES: dict[str, tuple[str, ...]] = {
    "nl": _words(
        "Bakkerij|Slagerij|Garage|Drukkerij|Schrijnwerkerij|Loodgieterij|Elektro|Tuinen|Dakwerken|Schilderwerken|"
        "Bouwbedrijf|Meubelen|Apotheek|Boekhandel|Fietsen|Brouwerij|Transport|Studio|Advies|Optiek|Kapsalon|"
        "Kwekerij|Wijnhandel|Isolatie|Keukens|Traiteur|Reizen|Textiel|Interieur|Metaalwerken"
    ),
    "fr": _words(
        "Boulangerie|Boucherie|Garage|Imprimerie|Menuiserie|Plomberie|Électricité|Jardins|Toitures|Peintures|"
        "Entreprise|Meubles|Pharmacie|Librairie|Cycles|Brasserie|Transports|Atelier|Conseil|Optique|Salon|"
        "Pépinières|Vins|Isolation|Cuisines|Traiteur|Voyages|Textiles|Intérieurs|Constructions"
    ),
    "de": _words(
        "Bäckerei|Metzgerei|Autohaus|Druckerei|Schreinerei|Sanitär|Elektro|Gartenbau|Dachdeckerei|Malerbetrieb|"
        "Bauunternehmen|Möbelhaus|Apotheke|Buchhandlung|Spedition|Brauerei"
    ),
    "en": _words("Trading|Engineering|Design|Logistics|Foods|Instruments|Textiles|Marine"),
}

LEGAL_FORMS: dict[str, tuple[str, ...]] = {
    "nl": ("BV", "NV", "BV", "CommV", "CV", "VOF"),
    "fr": ("SRL", "SA", "SRL", "SCS", "SC"),
    "de": ("GmbH", "AG", "GmbH"),
}

# Customers abroad: country, language, legal form, family names, and pairs of postcode and city.
ABROAD: dict[str, tuple[str, str, tuple[str, ...], tuple[tuple[str, str], ...]]] = {
    "NL": (
        "nl",
        "B.V.",
        ("De Jong", "Visser", "Bakker", "Hoekstra", "Dijkstra", "Van Leeuwen", "Postma", "Kuipers"),
        (("1012 AB", "Amsterdam"), ("3011 AD", "Rotterdam"), ("5611 EM", "Eindhoven"), ("4811 GJ", "Breda")),
    ),
    "FR": (
        "fr",
        "SARL",
        ("Moreau", "Lefèvre", "Girard", "Bonnet", "Mercier", "Blanchard", "Chevalier", "Perrin"),
        (("59000", "Lille"), ("75011", "Paris"), ("69003", "Lyon"), ("59200", "Tourcoing")),
    ),
    "DE": (
        "de",
        "GmbH",
        ("Becker", "Hoffmann", "Krüger", "Vogel", "Neumann", "Schäfer", "Köhler", "Böhm"),
        (("52062", "Aachen"), ("50667", "Köln"), ("10115", "Berlin"), ("40213", "Düsseldorf")),
    ),
    "LU": (
        "fr",
        "S.à r.l.",
        ("Schmit", "Weber", "Hoffmann-Kieffer", "Wagner", "Thill", "Kremer"),
        (("L-1111", "Luxembourg"), ("L-4011", "Esch-sur-Alzette"), ("L-9201", "Diekirch")),
    ),
    "GB": (
        "en",
        "Ltd",
        ("Whitfield", "Ashworth", "Harding", "Pemberton", "Kettle", "Lockwood"),
        (("EC1A 1BB", "London"), ("M1 1AE", "Manchester"), ("EH1 1YZ", "Edinburgh")),
    ),
    "US": (
        "en",
        "Inc.",
        ("Carver", "Donovan", "Ellsworth", "Fairbanks", "Granger", "Holloway"),
        (("10001", "New York"), ("02108", "Boston"), ("60601", "Chicago")),
    ),
    "CH": (
        "de",
        "AG",
        ("Bürgi", "Zellweger", "Brunner", "Aebischer", "Nüssli"),
        (("8001", "Zürich"), ("3011", "Bern"), ("4051", "Basel")),
    ),
}

EUROPEAN_UNION = frozenset({"NL", "FR", "DE", "LU"})

# What is sold: ledger account of the category, and descriptions. Plain domestic sales come first.
SOLD: dict[str, tuple[str, ...]] = {
    "700000": ("Kantoormateriaal", "Papier A4, doos 5 riemen", 'Bureaulamp "Noord"', "Fournitures de bureau"),
    "700100": ("Advies en begeleiding", "Opleiding, halve dag", "Consultance [phase 2]", "Beheer website"),
    "700300": ("Onderhoudscontract", "Herstelling ter plaatse", "Entretien annuel", "Wartungsvertrag"),
    "701000": ("Maatwerk kast", "Tafelblad eik 200 × 90", "Meuble sur mesure & pose", "Rek op maat"),
    "700500": ("Renovatie dak, btw verlegd", "Plaatsing ramen", "Travaux de toiture (autoliquidation)"),
    "700600": ("Levering meubelen", "Livraison de mobilier", "Lieferung Möbel"),
    "700610": ("Design services", "Études et conseil", "Beratung"),
    "700700": ("Furniture, export", "Showroom set", "Crating & freight"),
}
