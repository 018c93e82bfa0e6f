"""Names and addresses, nobody's: mail ends in .example, phone numbers lie in ranges not given out."""

import numpy as np

COUNTRIES = ("PT", "ES", "DE", "NL", "FR", "GB")
COUNTRY_SHARE = (0.42, 0.18, 0.17, 0.09, 0.08, 0.06)
#: Country → team region (position in company.REGIONS).
REGION_OF = np.array([0, 0, 1, 2, 2, 2])

_FIRST = {
    "PT": "Marta João Inês Rui Beatriz Tiago Carolina Miguel Sofia Pedro Ana Diogo Rita Nuno "
    "Leonor Hugo Filipa "
    "Duarte Catarina Vasco Joana Gonçalo Mariana Afonso Teresa Bruno Matilde Luís Helena Paulo",
    "ES": "Lucía Javier Carmen Álvaro Elena Pablo Marina Sergio Nuria Diego Alba Raúl Irene "
    "Adrián Sara Iván "
    "Paula Jorge Clara Mario",
    "DE": "Lena Jonas Anna Lukas Mia Felix Greta Moritz Hannah Paul Ida Emil Frieda Karl "
    "Johanna Anton Klara "
    "Oskar Nele Till",
    "NL": "Sanne Daan Lotte Bram Femke Thijs Anouk Sem Eva Joost Merel Ruben Fleur Koen Iris "
    "Luuk Noor Stijn Tess Jan",
    "FR": "Camille Louis Chloé Hugo Manon Jules Léa Arthur Juliette Gabriel Inès Théo Louise "
    "Adam Alice Paul "
    "Zoé Nathan Emma Lucas",
    "GB": "Amelia Oliver Isla George Freya Harry Poppy Jack Florence Arthur Ivy Henry Rosie "
    "Oscar Daisy Theo "
    "Ruby Alfie Martha Edwin",
}
_LAST = {
    "PT": "Figueira Silva Santos Ferreira Pereira Oliveira Costa Rodrigues Martins Sousa "
    "Fernandes Gonçalves Gomes "
    "Lopes Marques Almeida Ribeiro Pinto Carvalho Teixeira Moreira Correia Mendes Nunes Soares "
    "Vieira Monteiro "
    "Cardoso Rocha Neves",
    "ES": "García Fernández López Martínez Sánchez Pérez Gómez Ruiz Díaz Moreno Álvarez Muñoz "
    "Romero Navarro "
    "Torres Domínguez Vázquez Ramos Gil Serrano",
    "DE": "Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Hoffmann Koch Bauer "
    "Richter Klein Wolf "
    "Schröder Neumann Schwarz Zimmermann Braun Krüger",
    "NL": "de Vries|Jansen|van den Berg|Bakker|Visser|Smit|Meijer|de Boer|Mulder|Bos|Vos|Peters|"
    "Hendriks|Dekker|"
    "Brouwer|Dijkstra|Smits|de Graaf|van Leeuwen|Kok",
    "FR": "Martin Bernard Dubois Thomas Robert Richard Petit Durand Leroy Moreau Simon Laurent "
    "Lefebvre Michel "
    "Garnier Roux Fournier Girard Bonnet Lambert",
    "GB": "Smith Jones Taylor Brown Williams Wilson Johnson Davies Patel Wright Walker White "
    "Edwards Hughes Green "
    "Hall Lewis Harris Clarke Jackson",
}
_COMPANY = (
    "Figueira", "Mar", "Norte", "Alto", "Vale", "Ponte", "Serra", "Rio",
    "Prata", "Aurora", "Linha", "Casa", "Forma", "Luz", "Cedro", "Porto",
    "Atlas", "Kanto", "Meridian", "Orion",
)  # fmt: skip
_TRADE = (
    "Interiores",
    "Interiors",
    "Studio",
    "Hotels",
    "Offices",
    "Architects",
    "Living",
    "Projects",
    "Design",
)
#: Country code and a prefix that its plan leaves unused, then so many digits.
_PHONE = {
    "PT": ("+35190", 7), "ES": ("+34590", 6), "DE": ("+4914", 9), "NL": ("+31670", 6), "FR": ("+33703", 6),
    "GB": ("+446", 9),
}  # fmt: skip

_PLAIN = str.maketrans("áàâãäéêèëíïóôõöúüçñßÁÀÉÍÓÚÄÖÜÇ", "aaaaaeeeeiioooouucnsAAEIOUAOUC")


def first_names(country: str) -> list[str]:
    return _FIRST[country].split()


def last_names(country: str) -> list[str]:
    text = _LAST[country]
    return text.split("|") if "|" in text else text.split()


def names(country: np.ndarray, rng: np.random.Generator) -> list[tuple[str, str]]:
    """(first name, last name) for each country code index."""
    firsts = [first_names(one) for one in COUNTRIES]
    lasts = [last_names(one) for one in COUNTRIES]
    picks = rng.random((len(country), 2))
    return [
        (firsts[c][int(a * len(firsts[c]))], lasts[c][int(b * len(lasts[c]))])
        for c, (a, b) in zip(country.tolist(), picks.tolist(), strict=True)
    ]


def email(first: str, last: str, number: int) -> str:
    """Nobody's: RFC 2606 keeps .example free."""
    return f"{plain(first)}.{plain(last)}{number}@mail.example"


def plain(name: str) -> str:
    return name.translate(_PLAIN).lower().replace(" ", "")


def phone(country: str, number: int) -> str:
    prefix, digits = _PHONE[country]
    return f"{prefix}{number * 7_919 % 10**digits:0{digits}d}"


def company_name(number: int) -> str:
    """Different for the first 180, numbered after."""
    stem = _COMPANY[number % len(_COMPANY)]
    kind = _TRADE[number // len(_COMPANY) % len(_TRADE)]
    again = number // (len(_COMPANY) * len(_TRADE))
    return f"{stem} {kind}" + (f" {again + 1}" if again else "")
