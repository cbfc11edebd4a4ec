"""Petitions: from the list to the receipt, once for each person."""

from storage.petitions import Support


async def test_a_citizen_supports_a_petition_and_gets_a_receipt(city):
    await city.petition("Des arbres")
    ada = city.citizen("fr")
    await ada.arrives()
    print(ada.shown)
    await ada.supports("Des arbres")
    print(ada.shown)
    [support] = await city.all(Support)
    assert support.receipt in ada.shown
