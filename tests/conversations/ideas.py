"""An idea for a budget: proposed, published, supported, looked into, and a project of the vote."""

from datetime import timedelta

from bot.notices import tell

SAY = {
    "fr": {
        "go": "Proposer une idée",
        "fits": "Oui, continuer",
        "title": "Des bancs à l'ombre place de la Liberté",
        "words": "Douze bancs et six arbres, pour les personnes âgées.",
        "place": "Place de la Liberté",
        "quarter": "Ancienne médina",
        "no_photo": "Pas de photo",
        "agree": "J'accepte",
        "send": "Envoyer",
        "publish": "Publier",
        "like": "bancs ombre place Liberté",
        "support": "Soutenir",
        "can": "C'est faisable",
        "yes": "Oui",
        "see": "Voir l'idée",
        "shortlist": "Présélectionner",
        "project": "En faire un projet",
        "back": "Retour aux idées",
        "other": "Une fontaine au jardin public",
        "refuse": "Refuser",
        "unclear": "Pas clair",
        "correct": "Corriger",
        "clearer": "Douze bancs de bois et six arbres.",
        "mine": "Mes idées",
        "same": "Comme une autre idée",
        "follow": "Suivre",
        "no_more": "Ne plus suivre",
        "withdraw": "Retirer mon soutien",
    },
    "ary": {
        "go": "نقترح فكرة",
        "fits": "نعم، نكمل",
        "title": "كراسا فالظل فساحة الحرية",
        "words": "طناش ديال الكراسا وستة ديال الشجرات، للناس الكبار.",
        "place": "ساحة الحرية",
        "quarter": "المدينة القديمة",
        "no_photo": "بلا صورة",
        "agree": "موافقة",
        "send": "نصيفط",
        "publish": "نشر",
        "like": "كراسا فالظل ساحة الحرية",
        "support": "ندعمها",
        "can": "ممكن تدار",
        "yes": "نعم",
        "see": "نشوف الفكرة",
        "shortlist": "نحطوها فاللائحة",
        "project": "نردوها مشروع",
        "back": "رجوع للأفكار",
        "other": "سقاية فالجردة العمومية",
        "refuse": "نرفض",
        "unclear": "ماشي واضح",
        "correct": "نصحح",
        "clearer": "طناش ديال الكراسا ديال الخشب وستة ديال الشجرات.",
        "mine": "الأفكار ديالي",
        "same": "بحال فكرة أخرى",
        "follow": "نتبع",
        "no_more": "مابقيتش نتبع",
        "withdraw": "نسحب الدعم ديالي",
    },
}


async def has_call(city, **other):
    """A vote in two months, for which ideas are taken now."""
    row = {
        "envelope": 1_000_000,
        "opens": city.now + timedelta(days=60),
        "closes": city.now + timedelta(days=80),
        "ideas_open": city.now - timedelta(days=1),
        "ideas_close": city.now + timedelta(days=20),
    }
    return await city.vote("approval", costs=(), **{**row, **other})


async def proposes(person, title=None, cost="45000"):
    """The whole way, from the list of a call."""
    say = SAY[person.language]
    await person.says("/ideas")
    await person.taps(say["go"])
    await person.taps(say["fits"])
    await person.says(title or say["title"])
    await person.says(say["words"])
    await person.says(say["place"])
    await person.taps(say["quarter"])
    await person.taps(say["no_photo"])
    await person.says(cost)
    await person.taps(say["agree"])
    await person.taps(say["send"])


async def publishes(person):
    """The oldest idea that waits."""
    await person.says("/queue")
    await person.says("1")
    await person.taps(SAY[person.language]["publish"])


async def assesses(person, cost="50000"):
    """The idea that is supported most can be done."""
    say = SAY[person.language]
    await person.says("/idea")
    await person.says("1")
    await person.taps(say["can"])
    await person.says(cost)
    await person.says("Le terrain est à la commune.")
    await person.says("الأرض ديال الجماعة.")
    await person.taps(say["yes"])


async def makes_a_project(person):
    """Of the idea that is seen."""
    say = SAY[person.language]
    await person.taps(say["see"])
    await person.taps(say["shortlist"])
    await person.taps(say["yes"])
    await person.taps(say["see"])
    await person.taps(say["project"])
    for words in ("1", "Bancs à l'ombre", "كراسا فالظل", "Douze bancs.", "طناش ديال الكراسا."):
        await person.says(words)
    await person.taps(say["yes"])


async def told(city, *people):
    """What waits is told."""
    await tell(city.database, city.now)
    for person in people:
        await person.looks()


async def an_idea_is_proposed(city, ada):
    say = SAY[ada.language]
    await has_call(city)
    await ada.arrives()
    await proposes(ada)
    zineb = await city.coordinator(ada.language)
    zineb.history.clear()
    await publishes(zineb)
    ada.history += zineb.history
    await told(city, ada)
    omar = city.citizen(ada.language)
    await omar.arrives()
    omar.history.clear()
    await omar.says("/propose")
    await omar.taps(say["fits"])
    await omar.says(say["like"])
    await omar.taps(say["title"])
    await omar.taps(say["support"])
    ada.history += omar.history


async def an_idea_becomes_a_project(city, ada):
    await has_call(city)
    await ada.arrives()
    await proposes(ada)
    zineb = await city.coordinator(ada.language)
    await publishes(zineb)
    ada.history.clear()
    zineb.history.clear()
    await assesses(zineb)
    await makes_a_project(zineb)
    ada.history += zineb.history
    await told(city, ada)


async def an_idea_is_corrected(city, ada):
    """Refused with a reason, written anew, and then put with one that says the same."""
    say = SAY[ada.language]
    await has_call(city)
    omar = city.citizen(ada.language)
    await omar.arrives()
    await proposes(omar, say["other"])
    zineb = await city.coordinator(ada.language)
    await publishes(zineb)
    await ada.arrives()
    await proposes(ada)
    ada.history.clear()
    zineb.history.clear()
    await zineb.goes("/queue", "1", say["refuse"], say["unclear"])
    ada.history += zineb.history
    await told(city, ada)
    await ada.goes(say["correct"], say["title"], say["clearer"], say["place"], say["quarter"], say["no_photo"])
    await ada.goes("45000", say["send"], say["mine"])
    zineb.history.clear()
    await zineb.goes("/queue", "1", say["same"], say["other"], say["yes"])
    ada.history += zineb.history
    await told(city, ada)
    await ada.taps(say["see"])


async def an_idea_is_followed(city, ada):
    say = SAY[ada.language]
    await has_call(city)
    omar = city.citizen(ada.language)
    await omar.arrives()
    await proposes(omar)
    zineb = await city.coordinator(ada.language)
    await publishes(zineb)
    await ada.arrives()
    await ada.goes("/ideas", say["title"], say["follow"], say["no_more"], "/start i_1", say["support"], say["withdraw"])
    await ada.says("/start im_1")


CONVERSATIONS = [an_idea_is_proposed, an_idea_becomes_a_project, an_idea_is_corrected, an_idea_is_followed]
