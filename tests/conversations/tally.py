"""The figures, as a coordinator asks for them."""

SAY = {
    "fr": {
        "petition": "Des arbres",
        "support": "Soutenir",
        "agree": "accepte",
        "place": "Ourbiaa",
        "confirm": "Confirmer",
        "file": "tableau",
        "look": "À regarder",
    },
    "ary": {
        "petition": "عريضة الأشجار",
        "support": "ندعم",
        "agree": "موافق",
        "place": "أوربيع",
        "confirm": "نأكد",
        "file": "فجدول",
        "look": "شنو خاصو",
    },
}


async def tally(city, ada):
    say = SAY[ada.language]
    await ada.arrives()
    await ada.says("/petitions")
    await ada.taps(say["petition"])
    await ada.taps(say["support"])
    await ada.taps(say["agree"])
    await ada.says("Ada Lahlou")
    await ada.says("I123456")
    await ada.taps(say["place"])
    await ada.taps(say["confirm"])
    coordinator = await city.coordinator(ada.language)
    coordinator.history = ada.history
    ada.history.clear()
    await coordinator.says("/tally")
    await coordinator.taps(say["petition"])
    shown = coordinator.screen
    await coordinator.taps(say["file"])
    await coordinator.taps(say["look"], on=shown)


CONVERSATIONS = [tally]
