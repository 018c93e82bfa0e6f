"""German and Portuguese phrases: fewer of them, since fewer people write them."""

from typing import Any

OTHER: dict[str, Any] = {
    "de": {
        "good": {
            "openings": [
                "Sehr zufrieden.", "Immer wieder gern.", "Einfach super.", "Vielen Dank!",
                "Bin begeistert.",
            ],
            "details": [
                "Bestellt war: {p}.", "Nach {d} Tagen war alles da.", "Hat insgesamt {m} Minuten gedauert.",
            ],
            "closings": ["Gerne wieder.", "Weiter so.", "Klare Empfehlung.", "Danke an das Team."],
        },
        "mixed": {
            "openings": ["Im Großen und Ganzen in Ordnung.", "Geht so.", "Ganz gut, aber nicht perfekt."],
            "details": ["Es ging um: {p}.", "Gewartet habe ich {d} Tage."],
            "closings": ["Da geht noch mehr.", "Mal sehen, wie es beim nächsten Mal wird."],
        },
        "bad": {
            "openings": ["Leider enttäuscht.", "Nie wieder.", "So geht das nicht.", "Ich bin verärgert."],
            "details": [
                "Es geht um: {p}.", "Das war vor {d} Tagen.", "Dafür habe ich mir extra freigenommen.",
            ],
            "closings": [
                "Bitte rufen Sie mich an.", "Ich möchte mein Geld zurück.", "Ich kaufe jetzt woanders.",
            ],
        },
        "topics": {
            "delivery": {
                "good": [
                    "Die Lieferung kam pünktlich auf die Stunde.", "Schnell geliefert und gut verpackt.",
                ],
                "mixed": ["Geliefert wurde {d} Tage später, aber man hat mir Bescheid gesagt."],
                "bad": [
                    "Die Lieferung kam {d} Tage zu spät und niemand hat Bescheid gesagt.",
                    "Der Liefertermin wurde dreimal verschoben.", "Es fehlt immer noch die Hälfte.",
                ],
            },
            "quality": {
                "good": ["Tolle Qualität, alles passt genau.", "Sehr schön verarbeitet."],
                "mixed": ["Sieht gut aus, wirkt aber etwas leicht."],
                "bad": [
                    "Ein Bein war gebrochen.", "Nach {d} Tagen ging der Lack ab.",
                    "Wackelt seit dem ersten Tag.",
                ],
            },
            "knowledge": {
                "good": ["Sehr kompetente Beratung.", "Die Kollegin wusste sofort Bescheid."],
                "mixed": ["Die Beratung war freundlich, aber recht allgemein."],
                "bad": ["Drei Leute, drei verschiedene Auskünfte.", "Niemand konnte mir weiterhelfen."],
            },
            "wait": {
                "good": ["Sofort jemanden am Telefon gehabt.", "Kaum Wartezeit."],
                "mixed": ["{m} Minuten gewartet, danach lief alles gut."],
                "bad": ["{m} Minuten in der Warteschleife.", "Auf den Rückruf warte ich seit {d} Tagen."],
            },
            "returns": {
                "good": ["Rückgabe ohne Probleme, das Geld war schnell da."],
                "mixed": ["Die Rückgabe ging, die Erstattung dauerte {d} Tage."],
                "bad": [
                    "Seit {d} Tagen warte ich auf mein Geld.",
                    "Für die Rücksendung soll ich auch noch bezahlen.",
                ],
            },
            "website": {
                "good": ["Die Seite ist übersichtlich und schnell."],
                "mixed": ["Am Rechner gut, am Handy langsam."],
                "bad": [
                    "Die Seite hat mich beim Bezahlen zweimal rausgeworfen.",
                    "Angeblich lieferbar, war es aber nicht.",
                ],
            },
            "value": {
                "good": ["Preis und Leistung stimmen."],
                "mixed": ["Nicht billig, hält aber hoffentlich lange."],
                "bad": ["Viel zu teuer für das, was man bekommt."],
            },
            "staff": {
                "good": ["Sehr freundliches Personal im Laden."],
                "mixed": ["Nett, aber zu wenig Personal."],
                "bad": ["Im Laden fühlte sich niemand zuständig."],
            },
            "resolution": {
                "good": ["Mein Problem war nach einem Anruf gelöst."],
                "mixed": ["Beim zweiten Versuch hat es geklappt."],
                "bad": [
                    "Nichts ist gelöst, ich wurde nur weiterverbunden.",
                    "Ich erkläre dasselbe zum zweiten Mal.",
                ],
            },
            "assembly": {
                "good": ["Der Aufbau war in {m} Minuten erledigt."],
                "mixed": ["Die Anleitung ist klein gedruckt, aber es geht."],
                "bad": ["Die Anleitung passt nicht zum Modell.", "Es fehlten Schrauben."],
            },
        },
    },
    "pt": {
        "good": {
            "openings": [
                "Muito satisfeita.", "Muito contente.", "Excelente.", "Obrigado!", "Cinco estrelas.",
            ],
            "details": ["Encomendei: {p}.", "Chegou tudo em {d} dias.", "Demorou {m} minutos."],
            "closings": ["Volto a comprar.", "Recomendo.", "Continuem assim.", "Obrigada à equipa."],
        },
        "mixed": {
            "openings": ["Razoável.", "No geral correu bem.", "Bom, mas não perfeito."],
            "details": ["Era para: {p}.", "Esperei {d} dias."],
            "closings": ["Podem melhorar.", "Vamos ver da próxima vez."],
        },
        "bad": {
            "openings": ["Uma desilusão.", "Nunca mais.", "Esperava melhor.", "Estou muito chateada."],
            "details": ["Trata-se de: {p}.", "Isto foi há {d} dias.", "Já escrevi duas vezes."],
            "closings": [
                "Por favor liguem-me.", "Quero o meu dinheiro de volta.", "Vou comprar noutro lado.",
            ],
        },
        "topics": {
            "delivery": {
                "good": ["A entrega chegou à hora marcada.", "Entrega rápida e cuidadosa."],
                "mixed": ["A entrega atrasou {d} dias, mas avisaram."],
                "bad": [
                    "A entrega chegou com {d} dias de atraso e ninguém avisou.",
                    "Mudaram a data de entrega três vezes.",
                    "Fiquei em casa o dia todo e ninguém apareceu.",
                ],
            },
            "quality": {
                "good": ["Ótima qualidade, tudo encaixa.", "Muito bem feito."],
                "mixed": ["Bonito, mas um pouco frágil."],
                "bad": ["Uma perna veio rachada.", "Ao fim de {d} dias já está estragado."],
            },
            "knowledge": {
                "good": ["A colega sabia tudo sobre o produto.", "Conselho muito competente."],
                "mixed": ["O conselho foi simpático mas vago."],
                "bad": ["Três pessoas, três respostas diferentes.", "Ninguém me soube responder."],
            },
            "wait": {
                "good": ["Atenderam logo.", "Quase não esperei."],
                "mixed": ["Esperei {m} minutos, depois correu bem."],
                "bad": ["{m} minutos à espera ao telefone.", "Há {d} dias que espero pela chamada."],
            },
            "returns": {
                "good": ["Devolvi sem talão em dois minutos."],
                "mixed": ["A devolução correu bem, o reembolso demorou {d} dias."],
                "bad": ["Espero o reembolso há {d} dias.", "Querem que eu pague a devolução."],
            },
            "website": {
                "good": ["O site é rápido e claro."],
                "mixed": ["No computador bem, no telemóvel lento."],
                "bad": ["O site expulsou-me no pagamento duas vezes.", "Dizia disponível e não estava."],
            },
            "value": {
                "good": ["Boa relação qualidade-preço."],
                "mixed": ["Não é barato, mas espero que dure."],
                "bad": ["Demasiado caro para o que é."],
            },
            "staff": {
                "good": ["Pessoal da loja muito simpático."],
                "mixed": ["Simpáticos, mas são poucos."],
                "bad": ["Na loja ninguém quis saber."],
            },
            "resolution": {
                "good": ["Resolvido numa só chamada."],
                "mixed": ["Resolvido à segunda tentativa."],
                "bad": ["Não resolveram nada, só me transferiram.", "É a segunda vez que explico o mesmo."],
            },
            "assembly": {
                "good": ["Montado em {m} minutos."],
                "mixed": ["As instruções são pequenas, mas dá."],
                "bad": ["As instruções são de outro modelo.", "Faltavam parafusos."],
            },
        },
    },
}  # fmt: skip
