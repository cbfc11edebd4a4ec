"""The whole life of a petition: started, corrected, taken on, supported, signed, deposited, decided; told once."""

from bot.notices import tell
from storage.audit import Audit
from storage.notices import Notice
from storage.petition_moves import Move

SAID = {
    "title": "Un abri au souk",
    "request": "Inscrire la couverture du souk hebdomadaire",
    "reasons": "Les étals sont sous la pluie",
    "aims": "Un toit sur trente étals",
    "mandataire": "Souad Amrani",
}


async def begins(person, title=SAID["title"]):
    """To the first question that is kept: the draft has its title."""
    await person.says("/petition_new")
    for label in ("Oui, elle peut", "Des habitants", "Oui", "accepte"):
        await person.taps(label)
    await person.says(title)


async def writes_all(person):
    await begins(person)
    for part in ("request", "reasons", "aims", "mandataire"):
        await person.says(SAID[part])


async def hears(city, person):
    await tell(city.database, city.now)
    await person.looks()


async def publishes(city, agent):
    await agent.says("/petition")
    await agent.says("1")
    for label in ("Retenir", "60 jours", "Publier"):
        await agent.taps(label)


async def moves(person, step, *others):
    await person.says("/petition")
    await person.says("1")
    await person.taps(step)
    for words in (*others, "Le faire"):
        await (person.taps(words) if words in ("Oui", "Non", "Le faire") or words[0] == "•" else person.says(words))


async def test_the_whole_life_of_a_petition(city):
    await city.found(petition_threshold=2)
    ada, hind, zineb = city.citizen("fr"), await city.member("agent"), await city.coordinator()
    await ada.arrives()
    await ada.says("pétitions")
    ada.sees("Lancer une pétition", "Celles terminées")
    await ada.taps("Lancer une pétition")
    ada.sees("rues et éclairage", "police et justice")
    await writes_all(ada)
    ada.sees(*SAID.values(), "Envoyer au service", "Corriger : Objectifs")
    await ada.taps("Corriger : Objectifs")
    ada.sees("Jusqu'ici : Un toit sur trente étals")
    await ada.says("Un toit sur quarante étals")
    ada.sees("quarante étals", "Envoyer au service")
    await ada.taps("Envoyer au service")
    ada.sees("arrivée au service")

    await hind.says("/queue")
    await hind.says("1")
    hind.sees("Un abri au souk", "quarante étals")
    await hind.taps("Renvoyer")
    await hind.taps("Pas clair")
    await hind.taps("Terminer")
    await hind.taps("Oui")
    await hind.says("Quel souk ?")
    await hind.taps("Renvoyer")
    hind.sees("C'est renvoyé")
    await hears(city, ada)
    ada.sees("revenue avec des remarques", "Quel souk ?", "Corriger")
    await ada.taps("Corriger")
    await ada.taps("Corriger : Demande")
    await ada.says("Couvrir le souk du jeudi")
    await ada.taps("Envoyer au service")

    await publishes(city, hind)
    hind.sees("C'est publié")
    await hears(city, ada)
    ada.sees("Un abri au souk", "les soutiens sont ouverts", "Où elle en est")
    bea = city.citizen("ary", "telegram")
    await bea.arrives("p_1")
    bea.sees("Un abri au souk", "Couvrir le souk du jeudi")
    for words in ("1", "1", "Bea Lahlou", "Z99999", "1", "1"):
        await bea.says(words)
    await bea.taps("نتبع الجديد")
    bea.sees("غادي نعلموكم")

    await zineb.says("/petition")
    await zineb.says("1")
    zineb.sees("Prête au dépôt", "Saisir les signatures")
    await zineb.taps("Prête au dépôt")
    zineb.sees("0 signatures sur 2")
    await zineb.says("/petition")
    await zineb.says("1")
    await zineb.taps("Saisir les signatures")
    await zineb.says("beaucoup")
    zineb.sees("Écrivez un nombre entier")
    await zineb.says("٣")
    await zineb.taps("Confirmer")
    zineb.sees("3 signatures en tout")
    await moves(zineb, "Prête au dépôt", "Non")
    await moves(zineb, "Déposée", "Non")
    [deposit] = [move for move in await city.all(Move) if move.state == "deposited"]
    zineb.sees("déposée au conseil", deposit.receipt)
    await hears(city, bea)
    bea.sees("واجدة باش تتحط", "تحطات عند المجلس", deposit.receipt)
    await zineb.says("/petition")
    await zineb.says("1")
    zineb.sees("notifié avant le 24 février 2027")
    await zineb.taps("À l'examen")
    await zineb.taps("Non")
    await zineb.taps("Le faire")
    await moves(zineb, "Acceptée", "février 2027", "Non")
    await moves(zineb, "Adoptée", "Oui", "Adoptée à l'unanimité.")
    await hears(city, ada)
    ada.sees("Session du conseil : février 2027", "adoptée par le conseil", "Adoptée à l'unanimité.")
    await bea.says("/petition_results")
    await bea.taps("Un abri au souk")
    bea.sees("Adoptée à l'unanimité.", "فبراير 2027")
    assert [move.state for move in await city.all(Move)] == [
        *("collecting", "ready", "deposited", "under_review", "accepted", "adopted")
    ]
    assert {notice.outcome for notice in await city.all(Notice)} == {"told"}
    assert {row.deed for row in await city.all(Audit)} >= {
        *("petition.look", "petition.give_back", "petition.take_on", "petition.count", "petition.move")
    }
