"""What the club's customers write when they send something back, in their languages."""

from __future__ import annotations

WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "lot": {
        "DE": ("Der Akku lädt nicht mehr.", "Akku nach zwei Nächten leer, lädt nicht.",
               "Lampe geht nach dem Laden nicht an, Akku tot."),
        "IT": ("La batteria non si ricarica più.", "Batteria scarica dopo una notte, non si "
               "ricarica.", "Non si accende, la batteria è morta."),
        "FR": ("La batterie ne charge plus.", "Batterie morte après deux sorties.",
               "La lampe ne s'allume plus, la batterie ne charge pas."),
        "ES": ("La batería ya no carga.", "La batería murió la segunda noche.",
               "No enciende, la batería no carga."),
        "": ("The battery does not charge any more.", "Battery dead after the second night.",
             "It does not switch on: the battery will not charge."),
    },
    "size": {
        "DE": ("Größe M fällt viel zu klein aus.", "Bund zu eng, sonst passt mir immer M."),
        "IT": ("La M veste molto stretta in vita.", "Taglia M troppo piccola, di solito porto M."),
        "FR": ("Le M taille beaucoup trop petit.", "Trop serré à la taille pour un M."),
        "ES": ("La talla M es demasiado pequeña.", "Muy estrecho de cintura para una M."),
        "": ("M is far too tight at the waist.", "Runs small: I always wear M and cannot close "
             "the button."),
    },
    "description": {
        "DE": ("Laut Beschreibung wasserdicht, aber es regnet hinein.",
               "Nicht wasserdicht, der Laptop war nass."),
        "IT": ("Descritto come impermeabile, ma entra l'acqua.",
               "Non è impermeabile come scritto sul sito."),
        "FR": ("Annoncé étanche, mais l'eau entre.", "Pas étanche, contrairement à la fiche."),
        "ES": ("Decía impermeable y entra agua.", "No es impermeable como dice la web."),
        "": ("The page says waterproof. It is not.", "Described as waterproof, but my laptop got "
             "wet."),
    },
    "carrier": {
        "DE": ("Karton eingedrückt, Ware verbeult.", "Paket kam nass und aufgerissen an."),
        "IT": ("Scatola schiacciata, articolo rotto.", "Pacco arrivato aperto e ammaccato."),
        "FR": ("Carton écrasé, article abîmé.", "Colis arrivé ouvert et enfoncé."),
        "ES": ("Caja aplastada, artículo roto.", "El paquete llegó abierto y golpeado."),
        "": ("The box was crushed and the goods are dented.", "Parcel arrived torn open."),
    },
    "too_small": {
        "DE": ("Leider zu klein.",), "IT": ("Troppo piccolo per me.",),
        "FR": ("Trop petit.",), "ES": ("Me queda pequeño.",), "": ("Too small for me.",),
    },
    "too_large": {
        "DE": ("Zu weit geschnitten.",), "IT": ("Troppo largo.",),
        "FR": ("Trop grand.",), "ES": ("Me queda grande.",), "": ("Too wide for me.",),
    },
    "not_as_described": {
        "DE": ("Farbe anders als auf dem Bild.",), "IT": ("Il colore è diverso dalla foto.",),
        "FR": ("La couleur diffère de la photo.",), "ES": ("El color no es el de la foto.",),
        "": ("The colour differs from the picture.",),
    },
    "defective": {
        "DE": ("Reißverschluss klemmt.", "Funktioniert nicht."),
        "IT": ("La cerniera si blocca.", "Non funziona."),
        "FR": ("La fermeture se bloque.", "Ne fonctionne pas."),
        "ES": ("La cremallera se atasca.", "No funciona."),
        "": ("The zip jams.", "Does not work."),
    },
    "arrived_damaged": {
        "DE": ("Beschädigt angekommen.",), "IT": ("Arrivato danneggiato.",),
        "FR": ("Arrivé abîmé.",), "ES": ("Llegó dañado.",), "": ("Arrived damaged.",),
    },
}  # fmt: skip
"""By what is wrong and country; an empty country is for all others."""
LANGUAGE_OF = {"AT": "DE", "CH": "DE"}
