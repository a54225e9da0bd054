"""The words of which names and addresses are made."""

# Lists of words are longer than lines of code.
# ruff: noqa: E501

from __future__ import annotations


def _list(text: str) -> tuple[str, ...]:
    return tuple(entry.strip() for entry in text.replace("\n", " ").split(",") if entry.strip())


DUTCH_FAMILIES = _list("""
Adriaenssens, Ameye, Anthonis, Baekelandt, Baetens, Beirnaert, Bellens, Blancke, Boeykens, Bollaert, Boonen, Borremans,
Bosmans, Bracke, Broeckx, Bruyneel, Bultinck, Buysse, Caluwaerts, Cappelle, Casteels, Christiaens, Claessens, Cleys,
Clarysse, Cloetens, Colpaert, Coudenys, Craeye, Crommelinck, Daelemans, De Baets, De Bock, De Bruyn, De Coninck, De Cuyper,
De Decker, De Graeve, De Groote, De Jaeger, De Keyser, De Maesschalck, De Meyer, De Moor, De Neve, De Pauw, De Roeck,
De Rycke, De Schepper, De Sutter, De Troyer, De Wachter, De Wilde, De Winter, De Witte, Deblaere, Debruyne, Decock, Deconinck,
Degroote, Demeulemeester, Denys, Deprez, Derudder, Desender, Desloovere, Devriendt, Devos, Dewaele, D'Haene, D'Hooghe,
Diels, Dierick, Driessens, Eeckhout, Eyckmans, Faes, Feyaerts, Floryn, Gevaert, Gheysens, Ghyselinck, Gielis, Gijbels,
Gladines, Goethals, Gorissen, Govaerts, Gysels, Haesen, Hellemans, Hendrickx, Hens, Herremans, Hoste, Hoornaert, Huybrechts,
Imschoot, Ingels, Jansen, Joossens, Kerckhove, Keppens, Knockaert, Laenen, Lambrechts, Lannoo, Leemans, Lefevere, Leys, Lippens,
Luyckx, Luyten, Maenhout, Maertens, Meeus, Meulemans, Mertens, Moerman, Mortier, Naessens, Nauwelaerts, Neyrinck, Nuyts,
Olbrechts, Op de Beeck, Ottevaere, Pattyn, Penninck, Piessens, Pintens, Plovie, Poppe, Praet, Provoost, Raes, Raeymaekers,
Remmerie, Reyniers, Rombouts, Roels, Rosseel, Saelens, Schelfhout, Schoofs, Seghers, Simons, Slabbinck, Slegers, Smeets,
Soetaert, Somers, Spruyt, Staelens, Sterckx, Stevens, Strubbe, Swinnen, Tack, Teirlinck, Theunissen, Tanghe, Thoelen,
Truyens, Uyttendaele, Van Assche, Van Belle, Van Camp, Van Daele, Van de Casteele, Van den Bossche, Van den Eynde,
Van der Auwera, Van Dyck, Van Eeckhaut, Van Gestel, Van Goethem, Van Hecke, Van Herck, Van Laer, Van Landeghem, Van Lierde,
Van Loon, Van Meerbeeck, Van Nuffel, Van Overbeke, Van Parys, Van Riet, Van Roey, Van Steenberge, Van Tendeloo, Van Wesemael,
Vanacker, Vandaele, Vandecasteele, Vandekerckhove, Vandeputte, Vanderhaeghe, Vandersmissen, Vandewalle, Vanneste, Vanpoucke,
Verbist, Verbruggen, Vercruysse, Verdonck, Verelst, Verhaegen, Verhelst, Verlinden, Vermeersch, Vermeiren, Verschueren,
Vervaet, Vets, Viaene, Vlaeminck, Volckaert, Vranckx, Wellens, Weyns, Wijnants, Willaert, Wuyts, Wyckmans, Ysebaert, Zwaenepoel
""")
FRENCH_FAMILIES = _list("""
Absil, André, Ansiaux, Antoine, Arnould, Baudoux, Bayet, Beaufort, Bernard, Berthe, Blaise, Bodson, Boulanger, Bourgeois,
Bragard, Brasseur, Bury, Calonne, Carlier, Chapelle, Claude, Colinet, Colson, Coppin, Crahay, Crevecoeur, Cuvelier, Daloze,
Dardenne, Darimont, Debauche, Defrance, Degive, Dehousse, Delcourt, Delfosse, Delhez, Deliège, Deltour, Demaret, Deprez,
Deschamps, Detaille, Dewez, Doneux, Doyen, Drapier, Druart, Ducarme, Dufour, Dujardin, Dumoulin, Duquesne, Etienne, Evrats,
Fauconnier, Ferrari, Fievet, Flamend, Fossion, Fraiture, Francotte, Galand, Gaspard, Gathy, Georis, Gillain, Godart, Goffin,
Gosset, Graindorge, Grégoire, Guillemin, Halleux, Hannecart, Hardy, Henrard, Herbiet, Honoré, Houbart, Jacquemin, Jadot,
Janssen, Jaspar, Jeanfils, Joris, Joly, Kaisin, Laloux, Lamy, Laruelle, Lebrun, Lecocq, Ledoux, Lefebvre, Leroy, Liégeois,
Lognay, Louis, Malherbe, Maquet, Maréchal, Masson, Mélotte, Meunier, Michaux, Monfort, Moreau, Motte, Mottet, Neuville, Nihoul,
Noirhomme, Orban, Paquay, Parmentier, Petitjean, Philippart, Pierard, Pirotte, Polet, Pochet, Quoilin, Raskin, Remacle, Robert,
Roland, Rousseau, Sacré, Sauvage, Schyns, Sevrin, Sohet, Stassart, Tilman, Tihon, Tonglet, Urbain, Vandeville, Verlaine,
Vigneron, Vincent, Voisin, Warnotte, Wauthier, Wéry, Willame, Xhonneux, Yernaux, Zeippen
""")
GIVEN = {
    "nl": _list("""
Arne, Ann, Annelies, Astrid, Bert, Birgit, Bob, Charlotte, Christine, Dieter, Dries, Eline, Ellen, Erik, Evelien, Frank, Frederik,
Gert, Griet, Guy, Hannes, Hanne, Heidi, Herman, Ine, Ivan, Jana, Jelle, Johan, Jonas, Jozef, Kaat, Karen, Kim, Kris, Kurt, Lara,
Leen, Liesbeth, Linda, Lore, Ludo, Marc, Marijke, Mathias, Mieke, Myriam, Nathalie, Nick, Nico, Paul, Peter, Philippe, Rik,
Rita, Robbe, Rudi, Sander, Sarah, Sigrid, Simon, Steven, Sven, Tanja, Thomas, Tim, Toon, Ulrike, Vincent, Ward, Werner, Yves
"""),
    "fr": _list("""
Adrien, Alain, Albert, Alexandre, Alice, André, Anne-Marie, Arnaud, Baptiste, Béatrice, Bernard, Bruno, Camille, Catherine,
Céline, Charles, Christian, Claire, Claude, Corinne, Damien, Daniel, Denis, Dominique, Emmanuel, Étienne, Eve, Fabrice, Florence,
Frédéric, Geneviève, Georges, Gilles, Guillaume, Hugo, Jacques, Jean-Marc, Jean-Pierre, Jérôme, Josiane, Julien, Karine, Laetitia,
Louis, Lucie, Magali, Manon, Marie, Martine, Mathilde, Maxime, Monique, Muriel, Nicolas, Pascal, Patrick, Paul, Philippe, Pierre,
Renaud, René, Robert, Roger, Sandrine, Simon, Sophie, Stéphane, Sylvie, Thibault, Thierry, Vincent, Virginie, Yannick, Yves
"""),
}
TRADES = {
    "nl": _list("""
Algemene Bouwwerken, Alarmtechniek, Auto's, Autohandel, Bandencentrale, Beenhouwerij, Begrafenissen, Bloemen, Boomkwekerij,
Bouwmaterialen, Brandstoffen, Brood & Banket, Carrosserie, Chocolaterie, Dakbedekking, Dierenkliniek, Domotica, Drankenhandel,
Drukwerk, Elektriciteit, Feestzaal, Fruitbedrijf, Gevelreiniging, Glashandel, Grondwerken, Groenten & Fruit, Haardencentrum,
Herenmode, Hoeve, Houthandel, Immokantoor, Kantoorinrichting, Kinderopvang, Klusbedrijf, Koeltechniek, Koffiebranderij, Kranen,
Landbouwmachines, Lasbedrijf, Lingerie, Logistiek, Machinebouw, Makelaardij, Meubelmakerij, Metsersbedrijf, Natuursteen,
Notariaat, Parket, Pluimveebedrijf, Ramen en Deuren, Recyclage, Restaurant, Rolluiken, Sanitair, Schoenen, Schrijnwerken,
Slotenmakerij, Stukadoors, Taverne, Taxi, Technieken, Tegelhandel, Tuinaanleg, Veehandel, Verhuizingen, Verzekeringen,
Vleeswaren, Vloeren, Wasserij, Zadelmakerij, Zeefdruk, Zonnepanelen, Zwembaden
"""),
    "fr": _list("""
Agence Immobilière, Alimentation, Ambulances, Aménagements, Ardoisières, Assurances, Ateliers Mécaniques, Auto-École, Autocars,
Bâtiment, Bijouterie, Blanchisserie, Bois, Boissons, Bureau d'Études, Café, Carrelages, Carrières, Carrosserie, Charpentes,
Châssis, Chauffage, Chocolaterie, Confiserie, Construction, Couverture, Dépannages, Distribution, Domaine, Droguerie, Ébénisterie,
Électro-Ménager, Entreprises Générales, Ferme, Ferronnerie, Fleurs, Fromagerie, Fruits et Légumes, Funérailles, Grands Travaux,
Horlogerie, Hôtel, Informatique, Installations, Marbrerie, Matériaux, Mazout, Mécanique, Menuiserie, Métallerie, Nettoyage,
Papeterie, Parquets, Pâtisserie, Pneus, Poissonnerie, Produits Frais, Quincaillerie, Rénovation, Restaurant, Sanitaires,
Scierie, Serrurerie, Soudure, Taxis, Techniques, Terrassements, Titres-Services, Traductions, Travaux Publics, Vérandas, Voirie
"""),
}
GROUP_WORDS = {
    "nl": _list(
        "Holding, Invest, Immo, Vastgoed, Beheer, Management, Patrimonium, Projects, Services, Logistics, Finance, Retail"
    ),
    "fr": _list(
        "Holding, Invest, Immobilière, Gestion, Participations, Patrimoine, Management, Services, Finance, Développement"
    ),
}
CHAINS = _list("""
Kippenhoek, Zonnebrood, Vitabril, Fitburo, Primawash, Slaapland, Bio-Planeet, Kleurrijk, Doorsteek, Optivue, Ongebonden,
Fritopia, Mobilux, Verdevert, Sanodent, Autofixit, Printexpress, Chocolade & Co, Maison Dorée, Pain Perdu, Le Grenier,
Brasserie du Coin, Point Carré, Média Nova, Clés en Main
""")
ENDINGS = _list(
    "ix, ova, tec, lux, ium, era, ando, ico, ys, arix, eon, ella, onic, ura, alis, entis, ado, ytics, max, ora, plan, zen"
)
SYLLABLES = _list("""
al, an, ar, bel, ber, bra, bri, cal, can, cer, col, cor, cre, dal, del, dor, dun, eko, el, en, fal, fer, flan, fo, gal, gen,
gra, hal, hel, ina, iso, kar, ken, kor, lan, lem, lin, lo, mar, mel, mi, mon, nar, nel, no, ol, ori, pan, per, pla, pro, qua,
ran, rei, ro, sal, sen, si, sol, sta, tal, ter, to, tri, ul, val, ven, vi, vol, wal, wes, xan, yl, zan, zel
""")
DESCRIBED = _list("""
Solutions, Group, Consulting, Engineering, Belgium, International, Systems, Partners, Studio, Works, Lab, Digital, Design,
Benelux, Trading, Products, Events, Media, Construct, Energy, Interim, Food, Care
""")
DUTCH_STREETS = _list("""
Akkerstraat, Baron Ruzettelaan, Begijnhoflaan, Boerenkrijgstraat, Boomgaardstraat, Bredabaan, Brouwerijstraat, Constantstraat,
Deinsesteenweg, Diestsestraat, Doornstraat, Driesstraat, Eikenlaan, Elststraat, Fabriekstraat, Gasthuisstraat, Gemeenteplein,
Goudbloemstraat, Groenstraat, Groeneweg, Handelslaan, Hasseltsesteenweg, Havenlaan, Heirbaan, Herentalsebaan, Hofstraat,
Houtmarkt, Ieperstraat, Jan Van Eyckstraat, Jozef Plateaustraat, Kasteeldreef, Kempenlaan, Kleine Heide, Klokstraat, Kortrijksesteenweg,
Kouter, Kruisstraat, Langestraat, Leuvensesteenweg, Liersesteenweg, Maalse Steenweg, Mechelsestraat, Meersstraat, Mgr. Broekxplein,
Naamsesteenweg, Noorderlaan, Oudenaardsesteenweg, Parklaan, Pastorijstraat, Populierenlaan, Prins Boudewijnlaan, Processieweg,
Rijksweg, Rozenlaan, Scheldestraat, Sint-Annastraat, Sint-Pietersnieuwstraat, Smidsestraat, Spoorwegstraat, Steenstraat, Stropstraat,
Tiensesteenweg, Torhoutsesteenweg, Turnhoutsebaan, Vaartstraat, Vijverstraat, Vrijheidslaan, Waterstraat, Wetenschapspark, Zuidlaan
""")
FRENCH_STREETS = _list("""
Allée des Artisans, Avenue Albert Ier, Avenue de la Couronne, Avenue des Combattants, Avenue du Centenaire, Avenue Reine Astrid,
Boulevard de la Sauvenière, Boulevard Tirou, Chaussée de Bruxelles, Chaussée de Dinant, Chaussée de Louvain, Chaussée de Tournai,
Chemin du Cyclotron, Clos du Verger, Drève Richelle, Grand-Place, Grand-Rue, Parc Scientifique, Place de l'Hôtel de Ville,
Place Saint-Lambert, Quai des Ardennes, Route de Bastogne, Route de Philippeville, Route du Condroz, Rue Bois de Sclessin, Rue de Fer,
Rue de l'Industrie, Rue de l'Abbaye, Rue de la Closière, Rue de la Croix, Rue de la Loi, Rue de la Paix, Rue de la Sucrerie,
Rue de Mons, Rue des Alliés, Rue des Carmes, Rue des Champs, Rue des Combattants, Rue des Déportés, Rue des Fories, Rue des Guillemins,
Rue du Bailli, Rue du Centre, Rue du Général Leman, Rue du Parc, Rue du Progrès, Rue du Stade, Rue du Village, Rue Grande,
Rue Joseph Wauters, Rue Léopold, Rue Louis Pasteur, Rue Sainte-Marie, Rue Sous-le-Bois, Rue Vieille, Sentier du Curé, Square Marie-Louise
""")
# Streets of Brussels bear two names.
BRUSSELS_STREETS = (
    ("Koningsstraat", "Rue Royale"),
    ("Wetstraat", "Rue de la Loi"),
    ("Naamsestraat", "Rue de Namur"),
    ("Louizalaan", "Avenue Louise"),
    ("Waterloolaan", "Boulevard de Waterloo"),
    ("Ninoofsesteenweg", "Chaussée de Ninove"),
    ("Bergensesteenweg", "Chaussée de Mons"),
    ("Waversesteenweg", "Chaussée de Wavre"),
    ("Tervurenlaan", "Avenue de Tervueren"),
    ("Adolphe Maxlaan", "Boulevard Adolphe Max"),
    ("Vilvoordsesteenweg", "Chaussée de Vilvorde"),
    ("Gulden-Vlieslaan", "Avenue de la Toison d'Or"),
)
# Postcode, name in Dutch, name in French; the same where the other language has none of its own.
_PLACES = """
1000 Brussel/Bruxelles, 1020 Laken/Laeken, 1030 Schaarbeek/Schaerbeek, 1040 Etterbeek, 1050 Elsene/Ixelles,
1060 Sint-Gillis/Saint-Gilles, 1070 Anderlecht, 1080 Sint-Jans-Molenbeek/Molenbeek-Saint-Jean, 1140 Evere,
1150 Sint-Pieters-Woluwe/Woluwe-Saint-Pierre, 1180 Ukkel/Uccle, 1190 Vorst/Forest, 1200 Sint-Lambrechts-Woluwe/Woluwe-Saint-Lambert
"""
_DUTCH = """
1500 Halle/Hal, 1600 Sint-Pieters-Leeuw, 1700 Dilbeek, 1740 Ternat, 1780 Wemmel, 1800 Vilvoorde/Vilvorde, 1840 Londerzeel,
1850 Grimbergen, 1930 Zaventem, 1980 Zemst, 2000 Antwerpen/Anvers, 2020 Antwerpen/Anvers, 2030 Antwerpen/Anvers, 2060 Antwerpen/Anvers,
2110 Wijnegem, 2160 Wommelgem, 2170 Merksem, 2180 Ekeren, 2220 Heist-op-den-Berg, 2230 Herselt, 2240 Zandhoven, 2260 Westerlo,
2280 Grobbendonk, 2310 Rijkevorsel, 2320 Hoogstraten, 2330 Merksplas, 2350 Vosselaar, 2370 Arendonk, 2390 Malle, 2430 Laakdal, 2470 Retie,
2490 Balen, 2520 Ranst, 2530 Boechout, 2540 Hove, 2550 Kontich, 2560 Nijlen, 2570 Duffel, 2580 Putte, 2590 Berlaar, 2610 Wilrijk,
2620 Hemiksem, 2627 Schelle, 2630 Aartselaar, 2660 Hoboken, 2800 Mechelen/Malines, 2820 Bonheiden, 2830 Willebroek, 2840 Rumst,
2860 Sint-Katelijne-Waver, 2870 Puurs, 2880 Bornem, 2890 Sint-Amands, 2910 Essen, 2920 Kalmthout, 2940 Stabroek, 2950 Kapellen,
2960 Brecht, 2970 Schilde, 2980 Zoersel, 3000 Leuven/Louvain, 3012 Wilsele, 3020 Herent, 3050 Oud-Heverlee, 3060 Bertem, 3070 Kortenberg,
3080 Tervuren, 3110 Rotselaar, 3118 Werchter, 3120 Tremelo, 3130 Begijnendijk, 3140 Keerbergen, 3150 Haacht, 3210 Lubbeek, 3221 Nieuwrode,
3270 Scherpenheuvel, 3300 Tienen/Tirlemont, 3350 Linter, 3400 Landen, 3450 Geetbets, 3470 Kortenaken, 3500 Hasselt, 3510 Kermt,
3520 Zonhoven, 3530 Houthalen, 3540 Herk-de-Stad, 3550 Heusden, 3560 Lummen, 3570 Alken, 3580 Beringen, 3590 Diepenbeek, 3600 Genk,
3620 Lanaken, 3630 Maasmechelen, 3640 Kinrooi, 3650 Dilsen, 3660 Opglabbeek, 3670 Meeuwen, 3680 Maaseik, 3690 Zutendaal,
3700 Tongeren/Tongres, 3720 Kortessem, 3740 Bilzen, 3770 Riemst, 3800 Sint-Truiden/Saint-Trond, 3830 Wellen, 3840 Borgloon/Looz,
3890 Gingelom, 3900 Overpelt, 3910 Neerpelt, 3930 Hamont, 3940 Hechtel, 3945 Ham, 3950 Bocholt, 3970 Leopoldsburg, 3980 Tessenderlo,
3990 Peer, 8000 Brugge/Bruges, 8020 Oostkamp, 8310 Assebroek, 8340 Damme, 8380 Zeebrugge, 8420 De Haan, 8430 Middelkerke, 8450 Bredene,
8460 Oudenburg, 8470 Gistel, 8480 Ichtegem, 8490 Jabbeke, 8500 Kortrijk/Courtrai, 8510 Marke, 8520 Kuurne, 8540 Deerlijk, 8550 Zwevegem,
8560 Wevelgem, 8570 Anzegem, 8580 Avelgem, 8610 Kortemark, 8620 Nieuwpoort/Nieuport, 8650 Houthulst, 8660 De Panne/La Panne, 8670 Koksijde,
8680 Koekelare, 8710 Wielsbeke, 8720 Dentergem, 8730 Beernem, 8740 Pittem, 8750 Wingene, 8760 Meulebeke, 8770 Ingelmunster, 8780 Oostrozebeke,
8800 Roeselare/Roulers, 8810 Lichtervelde, 8820 Torhout, 8830 Hooglede, 8840 Staden, 8850 Ardooie, 8860 Lendelede, 8870 Izegem, 8880 Ledegem,
8890 Moorslede, 8900 Ieper/Ypres, 8920 Langemark, 8930 Menen/Menin, 8940 Wervik, 8950 Heuvelland, 8970 Poperinge, 8980 Zonnebeke,
9000 Gent/Gand, 9030 Mariakerke, 9031 Drongen, 9032 Wondelgem, 9041 Oostakker, 9051 Sint-Denijs-Westrem, 9052 Zwijnaarde, 9060 Zelzate,
9070 Destelbergen, 9080 Lochristi, 9090 Melle, 9111 Belsele, 9120 Beveren, 9130 Kieldrecht, 9140 Temse/Tamise, 9150 Kruibeke, 9170 Sint-Gillis-Waas,
9185 Wachtebeke, 9190 Stekene, 9200 Dendermonde/Termonde, 9220 Hamme, 9230 Wetteren, 9240 Zele, 9250 Waasmunster, 9255 Buggenhout, 9260 Wichelen,
9270 Laarne, 9280 Lebbeke, 9290 Berlare, 9300 Aalst/Alost, 9310 Moorsel, 9320 Erembodegem, 9340 Lede, 9420 Erpe-Mere, 9450 Haaltert, 9470 Denderleeuw,
9500 Geraardsbergen/Grammont, 9520 Sint-Lievens-Houtem, 9550 Herzele, 9570 Lierde, 9620 Zottegem, 9630 Zwalm, 9640 Brakel, 9660 Brakel, 9690 Kluisbergen,
9700 Oudenaarde/Audenarde, 9750 Zingem, 9770 Kruishoutem, 9790 Wortegem, 9810 Nazareth, 9820 Merelbeke, 9830 Sint-Martens-Latem, 9840 De Pinte,
9850 Nevele, 9860 Oosterzele, 9870 Zulte, 9880 Aalter, 9890 Gavere, 9910 Knesselare, 9920 Lovendegem, 9930 Zomergem, 9940 Evergem, 9960 Assenede,
9970 Kaprijke, 9980 Sint-Laureins, 9990 Maldegem
"""
_FRENCH = """
1301 Bierges, 1310 La Hulpe/Terhulpen, 1320 Beauvechain/Bevekom, 1325 Chaumont-Gistoux, 1330 Rixensart, 1340 Ottignies, 1342 Limelette, 1350 Orp-Jauche,
1357 Hélécine, 1360 Perwez, 1367 Ramillies, 1370 Jodoigne/Geldenaken, 1380 Lasne, 1390 Grez-Doiceau/Graven, 1401 Baulers, 1420 Braine-l'Alleud/Eigenbrakel,
1430 Rebecq, 1435 Mont-Saint-Guibert, 1440 Braine-le-Château/Kasteelbrakel, 1450 Chastre, 1460 Ittre/Itter, 1470 Genappe/Genepiën, 1480 Tubize/Tubeke, 1490 Court-Saint-Étienne,
4000 Liège/Luik, 4020 Liège/Luik, 4030 Grivegnée, 4031 Angleur, 4041 Vottem, 4050 Chaudfontaine, 4051 Vaux-sous-Chèvremont, 4100 Seraing, 4101 Jemeppe-sur-Meuse, 4120 Neupré,
4130 Esneux, 4140 Sprimont, 4160 Anthisnes, 4170 Comblain-au-Pont, 4190 Ferrières, 4210 Burdinne, 4217 Héron, 4219 Wasseiges, 4250 Geer, 4260 Braives, 4280 Hannut/Hannuit,
4300 Waremme/Borgworm, 4340 Awans, 4347 Fexhe, 4350 Remicourt, 4357 Donceel, 4360 Oreye/Oerle, 4367 Crisnée, 4400 Flémalle, 4420 Saint-Nicolas, 4430 Ans, 4450 Juprelle,
4460 Grâce-Hollogne, 4470 Saint-Georges, 4480 Engis, 4500 Huy/Hoei, 4520 Wanze, 4530 Villers-le-Bouillet, 4537 Verlaine, 4540 Amay, 4550 Nandrin, 4557 Tinlot, 4560 Clavier,
4570 Marchin, 4577 Modave, 4590 Ouffet, 4600 Visé/Wezet, 4607 Dalhem, 4610 Beyne-Heusay, 4620 Fléron, 4621 Retinne, 4630 Soumagne, 4650 Herve, 4670 Blegny, 4680 Oupeye, 4690 Bassenge/Bitsingen,
4800 Verviers, 4820 Dison, 4830 Limbourg/Limburg, 4840 Welkenraedt, 4845 Jalhay, 4850 Plombières, 4860 Pepinster, 4870 Trooz, 4877 Olne, 4880 Aubel, 4890 Thimister, 4900 Spa, 4910 Theux,
4920 Aywaille, 4950 Waimes, 4960 Malmedy, 4970 Stavelot, 4980 Trois-Ponts, 4990 Lierneux, 5000 Namur/Namen, 5020 Malonne, 5024 Marche-les-Dames, 5060 Sambreville, 5070 Fosses-la-Ville, 5080 La Bruyère,
5100 Jambes, 5101 Erpent, 5140 Sombreffe, 5150 Floreffe, 5170 Profondeville, 5190 Jemeppe-sur-Sambre, 5300 Andenne, 5310 Éghezée, 5330 Assesse, 5336 Courrière, 5340 Gesves, 5350 Ohey, 5360 Hamois, 5370 Havelange,
5377 Somme-Leuze, 5380 Fernelmont, 5500 Dinant, 5520 Onhaye, 5530 Yvoir, 5537 Anhée, 5540 Hastière, 5550 Vresse, 5555 Bièvre, 5560 Houyet, 5570 Beauraing, 5575 Gedinne, 5580 Rochefort, 5590 Ciney, 5600 Philippeville,
5620 Florennes, 5630 Cerfontaine, 5640 Mettet, 5650 Walcourt, 5660 Couvin, 5670 Viroinval, 5680 Doische, 6000 Charleroi, 6001 Marcinelle, 6010 Couillet, 6020 Dampremy, 6030 Marchienne-au-Pont, 6040 Jumet, 6044 Roux,
6060 Gilly, 6061 Montignies-sur-Sambre, 6110 Montigny-le-Tilleul, 6120 Ham-sur-Heure, 6140 Fontaine-l'Évêque, 6150 Anderlues, 6180 Courcelles, 6182 Souvret, 6200 Châtelet, 6210 Les Bons Villers, 6220 Fleurus, 6230 Pont-à-Celles,
6240 Farciennes, 6250 Aiseau-Presles, 6280 Gerpinnes, 6440 Froidchapelle, 6460 Chimay, 6500 Beaumont, 6530 Thuin, 6540 Lobbes, 6560 Erquelinnes, 6567 Merbes-le-Château, 6600 Bastogne/Bastenaken, 6640 Vaux-sur-Sûre, 6660 Houffalize,
6700 Arlon/Aarlen, 6717 Attert, 6720 Habay, 6740 Étalle, 6747 Saint-Léger, 6750 Musson, 6760 Virton, 6780 Messancy, 6790 Aubange, 6800 Libramont, 6810 Chiny, 6820 Florenville, 6830 Bouillon, 6840 Neufchâteau, 6850 Paliseul,
6870 Saint-Hubert, 6880 Bertrix, 6887 Herbeumont, 6890 Libin, 6900 Marche-en-Famenne, 6920 Wellin, 6927 Tellin, 6940 Durbuy, 6950 Nassogne, 6960 Manhay, 6970 Tenneville, 6980 La Roche-en-Ardenne, 6990 Hotton, 7000 Mons/Bergen,
7011 Ghlin, 7012 Jemappes, 7020 Nimy, 7022 Hyon, 7030 Saint-Symphorien, 7033 Cuesmes, 7040 Quévy, 7050 Jurbise/Jurbeke, 7060 Soignies/Zinnik, 7070 Le Roeulx, 7080 Frameries, 7090 Braine-le-Comte/'s-Gravenbrakel, 7110 Houdeng, 7120 Estinnes,
7130 Binche, 7134 Péronnes, 7140 Morlanwelz, 7160 Chapelle-lez-Herlaimont, 7170 Manage, 7180 Seneffe, 7190 Écaussinnes, 7300 Boussu, 7320 Bernissart, 7330 Saint-Ghislain, 7332 Sirault, 7340 Colfontaine, 7350 Hensies, 7370 Dour,
7380 Quiévrain, 7390 Quaregnon, 7500 Tournai/Doornik, 7520 Templeuve, 7530 Gaurain-Ramecroix, 7540 Kain, 7600 Péruwelz, 7610 Rumes, 7618 Taintignies, 7640 Antoing, 7700 Mouscron/Moeskroen, 7711 Dottignies/Dottenijs, 7730 Estaimpuis,
7740 Pecq, 7750 Mont-de-l'Enclus, 7760 Celles, 7780 Comines/Komen, 7800 Ath/Aat, 7812 Mainvault, 7822 Ghislenghien, 7830 Silly/Opzullik, 7850 Enghien/Edingen, 7860 Lessines/Lessen, 7864 Deux-Acren, 7870 Lens, 7880 Flobecq/Vloesberg,
7890 Ellezelles/Elzele, 7900 Leuze, 7910 Frasnes-lez-Anvaing, 7940 Brugelette, 7950 Chièvres, 7970 Belœil
"""

Place = tuple[str, str, str]


def _places(text: str) -> tuple[Place, ...]:
    found = []
    for entry in _list(text):
        postcode, _, names = entry.partition(" ")
        first, _, second = names.partition("/")
        found.append((postcode, first, second or first))
    return tuple(found)


# Postcode, the name the people there use, the name in the other language.
PLACES = {"nl": _places(_DUTCH), "fr": _places(_FRENCH), "brussels": _places(_PLACES)}
ABROAD = {
    "NL": (_list("Kerklaan, Stationsweg, Dorpsstraat, Hoofdweg, Prinsengracht, Beatrixstraat, Molenweg, Nijverheidsweg"),
           (("1017 AB", "Amsterdam"), ("3012 KL", "Rotterdam"), ("5038 EA", "Tilburg"), ("4611 LK", "Bergen op Zoom"),
            ("6211 RX", "Maastricht"), ("3511 BT", "Utrecht"), ("5611 ZT", "Eindhoven"), ("4531 GD", "Terneuzen"))),
    "FR": (_list("Rue Nationale, Avenue Foch, Rue Gambetta, Boulevard Carnot, Rue Victor Hugo, Rue Pasteur, Place du Général de Gaulle"),
           (("59000", "Lille"), ("59100", "Roubaix"), ("75009", "Paris"), ("59300", "Valenciennes"), ("08000", "Charleville-Mézières"),
            ("62000", "Arras"), ("57000", "Metz"))),
    "DE": (_list("Hauptstraße, Bahnhofstraße, Gartenstraße, Industriestraße, Lindenstraße, Am Markt, Schillerstraße, Kölner Straße"),
           (("52064", "Aachen"), ("50670", "Köln"), ("40210", "Düsseldorf"), ("10117", "Berlin"), ("54290", "Trier"), ("47798", "Krefeld"))),
    "LU": (_list("Rue de Hollerich, Avenue de la Gare, Route d'Arlon, Route de Longwy, Grand-Rue, Boulevard Royal"),
           (("1611", "Luxembourg"), ("8008", "Strassen"), ("4010", "Esch-sur-Alzette"), ("9052", "Ettelbruck"))),
}  # fmt: skip
FOREIGN_FORMS = {
    "NL": ("B.V.", "V.O.F."),
    "FR": ("SARL", "SAS"),
    "DE": ("GmbH", "GmbH & Co. KG"),
    "LU": ("S.à r.l.", "S.A."),
}
# The form before and after the reform of 2019, in both languages, and how else people write it.
FORMS = {
    "nl": (
        ("BV", "BVBA"),
        ("NV", "NV"),
        ("CV", "CVBA"),
        ("CommV", "Comm.V"),
        ("VOF", "V.O.F."),
        ("VZW", "vzw"),
    ),
    "fr": (
        ("SRL", "SPRL"),
        ("SA", "S.A."),
        ("SC", "SCRL"),
        ("SComm", "SCS"),
        ("SNC", "S.N.C."),
        ("ASBL", "asbl"),
    ),
}
FORM_WEIGHTS = (62, 17, 5, 7, 5, 4)
TRANSLATED = {
    "BV": "SRL",
    "BVBA": "SPRL",
    "NV": "SA",
    "CV": "SC",
    "VZW": "ASBL",
    "SRL": "BV",
    "SPRL": "BVBA",
    "SA": "NV",
    "SC": "CV",
    "ASBL": "VZW",
}
MAIL_PROVIDERS = _list(
    "gmail.example, telenet.example, skynet.example, hotmail.example, outlook.example, proximus.example, scarlet.example"
)
ACCOUNTANTS = _list(
    "fiduvas, accofisc, boekwerk, cijferhuis, fiduciaire-lambot, comptadvies, taxbalans, bilanplus, dekleineteller, auditas"
)
ZONES = {
    "1": ("02",), "2": ("03", "014", "015"), "3": ("011", "013", "016"), "4": ("04", "087", "085"), "5": ("081", "082", "083"),
    "6": ("071", "061", "063"), "7": ("065", "069", "064"), "8": ("050", "051", "056", "059"), "9": ("09", "053", "052", "055"),
}  # fmt: skip
