"""Kind words for pseudonyms, and lists of words a pseudonym should not hold.

All lists are our own. A language's nouns and adjectives agree in gender; `noun_first` is the order. Names are
meant to be calm, to belong to nobody, and to be sayable. A new language is one more entry in FRIENDLY.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Friendly:
    """`nouns` and `adjectives` by gender ("m", "f", "n", or "" where there is none); `noun_first` is word
    order.
    """

    nouns: dict[str, str]
    adjectives: dict[str, str]
    noun_first: bool = False


FRIENDLY: dict[str, Friendly] = {
    "en": Friendly(
        {
            "": "Heron Otter Robin Willow River Harbour Meadow Lantern Pebble Sparrow Maple Brook Finch "
            "Fern Acorn Island Comet Harvest Orchard Wren Badger Clover Valley Cloud Kettle Swallow "
            "Birch Anchor Feather Moss Hedgehog Kite Garden Compass Puffin Squirrel Poppy Bridge "
            "Candle Cedar Dolphin Thistle Turtle Mitten"
        },
        {
            "": "Quiet Gentle Brave Calm Bright Steady Kind Warm Patient Curious Silver Golden Early "
            "Sunny Mossy Soft Mellow Humble Hopeful Morning Evening Amber Northern Southern Misty "
            "Cosy Loyal Merry Little Open Green Blue Wandering Dancing Singing Resting Winter Summer "
            "Autumn Spring"
        },
    ),
    "es": Friendly(
        {
            "m": "Faro Roble Colibrí Sendero Puente Gorrión Delfín Cometa Jardín Bosque Erizo Nogal Petirrojo Valle",
            "f": "Garza Nutria Nube Brisa Colina Estrella Semilla Golondrina Encina Isla Hoja Alondra Orilla Tortuga",
        },
        {
            "m": "Sereno Tranquilo Valiente Amable Dorado Plateado Cálido Paciente Curioso Claro Suave Azul Verde",
            "f": "Serena Tranquila Valiente Amable Dorada Plateada Cálida Paciente Curiosa Clara Suave Azul Verde",
        },
        noun_first=True,
    ),
    "fr": Friendly(
        {
            "m": "Héron Ruisseau Chêne Sentier Phare Moineau Dauphin Jardin Hérisson Érable Nuage Castor Vallon Galet",
            "f": "Loutre Colline Étoile Brise Hirondelle Mésange Rivière Forêt Île Alouette Tortue Clairière Lanterne",
        },
        {
            "m": "Tranquille Paisible Courageux Doré Argenté Patient Curieux Serein Calme Vert Bleu Discret Fidèle",
            "f": "Tranquille Paisible Courageuse Dorée Argentée Patiente Curieuse Sereine Calme Verte Bleue Discrète",
        },
        noun_first=True,
    ),
    "de": Friendly(
        {
            "m": "Reiher Bach Ahorn Hafen Igel Spatz Garten Kiesel Biber Farn Leuchtturm Drachen Fink Hügel",
            "f": "Möwe Weide Wiese Wolke Laterne Insel Birke Schwalbe Eiche Amsel Quelle Brücke Feder Linde",
            "n": "Reh Ufer Eichhörnchen Tal Moos Rotkehlchen Boot Kleeblatt Segel Käuzchen",
        },
        {
            "m": "Stiller Sanfter Mutiger Ruhiger Heller Warmer Geduldiger Neugieriger Silberner Goldener Grüner",
            "f": "Stille Sanfte Mutige Ruhige Helle Warme Geduldige Neugierige Silberne Goldene Grüne",
            "n": "Stilles Sanftes Mutiges Ruhiges Helles Warmes Geduldiges Neugieriges Silbernes Goldenes Grünes",
        },
    ),
    "pt": Friendly(
        {
            "m": "Farol Carvalho Riacho Jardim Golfinho Pardal Caminho Bosque Ouriço Vale Seixo Castor Cometa",
            "f": "Garça Lontra Nuvem Brisa Colina Estrela Andorinha Ilha Folha Ponte Semente Tartaruga Margem",
        },
        {
            "m": "Sereno Tranquilo Valente Gentil Dourado Prateado Paciente Curioso Claro Suave Azul Verde",
            "f": "Serena Tranquila Valente Gentil Dourada Prateada Paciente Curiosa Clara Suave Azul Verde",
        },
        noun_first=True,
    ),
    "ar": Friendly(
        {
            "m": "نورس نهر بستان قمر غصن جسر عصفور وادي مرفأ فانوس",
            "f": "نجمة غيمة زيتونة سنونوة سلحفاة جزيرة شمعة ريشة نخلة",
        },
        {
            "m": "هادئ لطيف شجاع صبور دافئ مشرق وفي أخضر أزرق",
            "f": "هادئة لطيفة شجاعة صبورة دافئة مشرقة وفية خضراء زرقاء",
        },
        noun_first=True,
    ),
    "hi": Friendly(
        {"": "सारस झरना बादल दीपक कछुआ पंख चाँद उपवन गिलहरी सागर कमल पतंग तारा मैना"},
        {"": "शांत कोमल साहसी उज्ज्वल सौम्य सुनहरी रुपहली धैर्यवान जिज्ञासु दयालु निर्मल"},
    ),
}

# Common given names and family names, in the form `rules.name_key` gives. Two such words together, or one
# of them with another word that is not from the lists above, look like a real name. A single given name is
# nobody in particular.
GIVEN = frozenset(
    """
    aaron abdul abdullah abigail adam adel aditi adrian agnes ahmad ahmed aisha ajay alan albert
    alejandro alex alexander alexandra alexis alfred ali alice alicia alina alison alma amal amanda
    amelia amina amir amit amy ana anastasia andre andrea andreas andres andrew andy angela angelica
    anil anita anjali ann anna anne annie anthony antoine antonio anya arjun arthur asha ashley
    astrid aurora ava aya ayesha barbara beatrice beatriz ben benjamin bernard beth bettina bianca
    bilal bjorn brandon brenda brian bruno camila camille carl carla carlos carmen carol carolina
    caroline catherine cecilia charles charlotte chen chiara chris christian christina christine
    christoph christopher claire clara claudia clement connor cristina daniel daniela danielle david
    deborah deepak denise dennis diana diego dieter dimitri dmitri dolores dominic donald donna
    dorothy dylan edith eduardo edward eileen elena eleni eli elias elif elisa elizabeth ella ellen
    emil emilia emily emma emmanuel enrique eric erik esther ethan eugene eva evelyn fatima fatma
    felix fernanda fernando fiona florian francesca francesco francis francisco francois frank franz
    fred frederic gabriel gabriela gary george georgia gerald gerard gina giovanni giulia gloria
    gonzalo grace greta guillaume gunther gustavo hana hannah hans harold harry hassan heather
    hector heidi heinz helen helena henri henry hugo hussein ian ibrahim ida igor ines ingrid irene
    iris isaac isabel isabella ivan jack jacob jacqueline jaime jakob james jamie jan jana jane
    janet janice jason javier jean jeff jeffrey jenna jennifer jeremy jerry jesse jessica jesus jim
    joan joanna joao joe joel johan johanna john johnny jon jonas jonathan jordan jorge jose josef
    joseph joshua joyce juan juana judith julia julian juliana julie julien julius jurgen justin
    kamal karen karim karin karl katarzyna kate katharina katherine kathleen katie kavita keith
    kelly ken kenneth kevin khalid kiran kim klaus konstantin krzysztof kumar kurt kyle lakshmi lara
    lars laura lauren laurent layla lea leah leila lena leo leon leonardo leonie leslie liam lina
    linda lionel lisa liz lorenzo louis louise luc luca lucas lucia lucie lucy luis luisa lukas luke
    lydia mahmoud maja malik manuel marc marcel marco marcos marcus margaret maria mariam mariana
    marie marina mario marion mark markus marta martha martin martina mary maryam mateo mathieu
    mathilde matteo matthew matthias maurice max maya megan mehmet melanie melissa mia michael
    michel michelle miguel mike mila mira miriam mohamed mohammad mohammed mona monica monika
    muhammad mustafa nadia nadine nancy naomi natalia natalie natasha nathan neha nicholas nick nico
    nicola nicolas nicole niels nina noah nora norma nour olga oliver olivia omar oscar osman otto
    pablo pamela paola patricia patrick paul paula paulo pavel pedro peggy peter petra philip
    philippe pierre pilar pooja priya rachel rafael rahul raj rajesh ralph ramon rania raquel rashid
    raul ravi raymond rebecca regina renata rene ricardo richard rita robert roberto rodrigo roger
    roland roman ronald rosa rosario roy ruben rudolf ruth ryan sabine sabrina said salma salvador
    sam samantha samira samuel sandra sanjay santiago sara sarah sean sebastian selma sergei sergio
    shannon sharon sheila shirley silvia simon simone sofia sonia sophia sophie stefan stefanie
    stella stephan stephanie stephen steve steven sunil sunita susan susanne suzanne sven sylvia
    tamara tanja tara tatiana teresa theo theodore theresa thiago thomas tim timothy tina tobias
    todd tom tomas tony tracy ulrich ursula valentina valeria vanessa vera veronica victor victoria
    vijay vikram vincent virginia vladimir walter wei wendy werner wilhelm william wolfgang xavier
    yasmin yolanda yousef youssef yusuf yves yvonne zainab zeynep zoe
    """.split()
)
FAMILY = frozenset(
    """
    adams ahmed alvarez anderson bailey baker becker bennett bernard brown campbell carter castro
    chaudhary clark collins cooper cruz davies davis diaz dubois durand edwards evans fernandes
    fernandez ferreira fischer flores garcia gomez gonzales gonzalez green gupta gutierrez hall
    harris hernandez hoffmann hughes iyer jackson jimenez johnson jones kapoor kaur khan kim klein
    koch kowalski kumar lambert laurent lee lefebvre leroy lewis lopez lopes martin martinez mehta
    meyer miller mitchell moore morales moreau moreno morgan morris muller murphy nelson nguyen
    novak oliveira ortiz parker patel pereira perez petit phillips ramirez ramos reyes richter
    rivera roberts robertson robinson rodrigues rodriguez romero rossi roux ruiz sanchez santos
    schmidt schmitt schneider scholz schroder schulz schwarz sharma silva simon singh smith souza
    stewart suarez taylor thomas thompson torres turner vargas vazquez verma wagner walker watson
    weber white williams wilson wolf wright young zimmermann
    """.split()
)

# Words that would make a member look like one of the people who answer here. Same form.
STAFF = frozenset(
    """
    admin administrator administration administrador administratrice administrateur adviser advisor
    ambulance anwalt arzt arztin assistant assistent assistente asistente ayudante berater beraterin
    bot clinician consejera consejero conselheira conselheiro conseiller conseillere counsellor
    counselor crisisline doc docteur doctor doctora doktor doutor doutora dr dra emergency
    enfermeira enfermeiro enfermera enfermero facilitator guide helpdesk helpline helplines hilfe
    hotline infirmier infirmiere kithwell krankenpfleger lifeline listener medecin medica medico mod
    moderador moderateur moderation moderator moderatorin nurse official oficial oncall operator
    paramedic pflegerin policia police polizei prof professional professor psicologa psicologo
    psiquiatra psychiatre psychiatrist psychologe psychologin psychologist psychologue
    psychotherapist root samaritan samaritans sozialarbeiter staff steward superuser supervisor
    support supporter sysadmin system team terapeuta therapeut therapeutin therapeute therapist
    trabajadora trabajador verified volunteer webmaster طبيب طبيبة دكتور دكتورة مشرف مشرفة معالج
    معالجة ادارة شرطة डॉक्टर चिकित्सक नर्स सलाहकार पुलिस प्रशासक मनोचिकित्सक
    """.split()
)
