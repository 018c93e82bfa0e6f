"""The answers of an imported row as staging columns: read, validated and scored."""

import json
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from crm.imports.mapping import Checker, Source
from crm.imports.plan import Cells, Slot
from crm.imports.reading import RowFile, position_of
from crm.imports.values import MEMORY, Refused, escape
from feedback import scoring
from feedback.surveys.document import Document
from feedback.surveys.questions import Matrix


def read_answers(checker: Checker, given: Any, document: Document) -> Iterator[tuple[str, Source]]:
    """(question id or `matrix.item`, its source) for each answer that the mapping names."""
    if not isinstance(given, dict) or not given:
        checker.note("answers", 'must be an object from question id to column, such as {"nps": "score"}')
        return
    questions = {question.id: question for question in document.questions}
    checker.known("answers", given, questions)
    for name, value in given.items():
        question = questions.get(name)
        if not isinstance(question, Matrix):
            yield name, checker.source(f"answers.{name}", value)
            continue
        members = checker.group(f"answers.{name}", value)
        checker.known(f"answers.{name}", members, [item.id for item in question.items])
        for item, source in members.items():
            yield f"{name}.{item}", source


def position(source: Source, file: RowFile) -> int | None:
    if source.column is None:
        return None
    return position_of(source.column, file.header, file.width, source.place)


class AnswerCell(NamedTuple):
    """Where the answer to one question (or matrix item) stands."""

    name: str
    source: Source
    position: int | None

    def read(self, row: Sequence[str]) -> str:
        text = (self.source.constant or "") if self.position is None else row[self.position]
        text = text.strip()
        escape(text)  # refuses what cannot be stored
        if self.source.words is not None and text:
            if text not in self.source.words:
                known = ", ".join(self.source.words)
                raise Refused(f"{self.name}: {text[:40]!r} is not among the mapping's values ({known})")
            return self.source.words[text]
        return text


class _Row(dict[str, str]):
    """A row as the HTML form that `Document.from_form` reads; several choices stand apart by ";"."""

    def getlist(self, key: str) -> list[str]:
        return [one.strip() for one in self.get(key, "").split(";") if one.strip()]


class Answers(Slot):
    """The staged answers: what the survey's document makes of a row."""

    sql_type = "jsonb"
    label = "answers"

    def __init__(self, document: Document, cells: list[AnswerCell]) -> None:
        self.document, self.cells = document, cells
        self._memory: dict[tuple[str, ...], tuple[str, str]] = {}
        self._last: tuple[Cells, list[tuple[str, str]]] | None = None

    def fill(self, cells: Cells, count: int) -> Sequence[str]:
        return [answers for answers, _ in self.both(cells)]

    def both(self, cells: Cells) -> list[tuple[str, str]]:
        """(answers, facts) of each row, worked out once for the two columns."""
        if self._last is None or self._last[0] is not cells:
            self._last = cells, [self.one(row) for row in zip(*cells, strict=True)]
        return self._last[1]

    def one(self, row: tuple[str, ...]) -> tuple[str, str]:
        texts = tuple(cell.read(row) for cell in self.cells)
        found = self._memory.get(texts)
        if found is None:
            found = self._judge(texts)
            if len(self._memory) < MEMORY:
                self._memory[texts] = found
        return found

    def _judge(self, texts: tuple[str, ...]) -> tuple[str, str]:
        names = [cell.name for cell in self.cells]
        given = self.document.from_form(_Row(zip(names, texts, strict=True)))
        clean, errors = self.document.validate(given)
        if errors:
            raise Refused("; ".join(f"{name or 'answers'}: {error}" for name, error in errors.items()))
        if not clean:
            raise Refused("no question is answered")
        facts = {
            "scores": [[s.metric, s.question, s.value] for s in scoring.scores_of(self.document, clean)],
            "verbatims": scoring.verbatims_of(self.document, clean),
        }
        return _json(clean), _json(facts)


class Facts(Slot):
    """The staged scores and verbatims of the same rows."""

    sql_type = "jsonb"
    label = "answers"

    def __init__(self, answers: Answers) -> None:
        self.answers = answers

    def fill(self, cells: Cells, count: int) -> Sequence[str]:
        return [facts for _, facts in self.answers.both(cells)]


def _json(value: Any) -> str:
    return escape(json.dumps(value, ensure_ascii=False, separators=(",", ":")))
