"""A vote on projects, for each kind of ballot."""

SAY = {
    "fr": {
        "read": "Lire",
        "vote": "Voter",
        "first": "Parc",
        "second": "Banc",
        "third": "Piste",
        "done": "Terminer",
        "cast": "Confirmer",
        "agree": "accepte",
        "old_enough": "oui",
    },
    "ary": {
        "read": "نقرا",
        "vote": "نصوت",
        "first": "جردة",
        "second": "كرسي",
        "third": "ممر",
        "done": "ساليت",
        "cast": "نأكد",
        "agree": "موافق",
        "old_enough": "اه",
    },
}


async def approval_vote(city, ada):
    say = SAY[ada.language]
    await city.vote("approval", asks_cin=True, min_age=16)
    await ada.arrives("b_1")
    await ada.taps(say["read"])
    await ada.taps(say["first"])
    await ada.taps(say["vote"])
    await ada.taps(say["vote"])
    await ada.says(say["old_enough"])
    await ada.taps(say["agree"])
    await ada.says("I123456")
    await ada.taps(say["done"])
    await ada.taps(say["first"])
    await ada.taps(say["second"])
    await ada.taps(say["done"])
    await ada.taps(say["cast"])


async def knapsack_vote(city, ada):
    say = SAY[ada.language]
    await city.vote("knapsack", envelope=400_000, costs=(150_000, 90_000, 260_000), most=3)
    await ada.arrives("b_1")
    await ada.taps(say["vote"])
    await ada.taps(say["first"])
    await ada.taps(say["third"])
    await ada.taps(say["second"])
    await ada.taps(say["done"])
    await ada.taps(say["cast"])


async def choose_one_vote(city, ada):
    say = SAY[ada.language]
    await city.vote("one")
    await ada.arrives("b_1")
    await ada.taps(say["vote"])
    await ada.taps(say["first"])
    await ada.taps(say["cast"])


async def points_vote(city, ada):
    say = {
        "fr": ("Voter maintenant", "Parc 3", "Terminer", "Confirmer mon vote"),
        "ary": ("نصوت دابا", "جردة 3", "ساليت", "نأكد"),
    }
    now, park, done, cast = say[ada.language]
    await city.vote("points", points=5, most_points=3, most=3)
    await ada.arrives()
    await ada.says("/vote")
    await ada.taps(now)
    await ada.says(park)
    await ada.says("?")
    await ada.taps(done)
    await ada.taps(cast)


CONVERSATIONS = [points_vote, approval_vote, knapsack_vote, choose_one_vote]
