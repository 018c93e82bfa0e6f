"""Answers without bands of their own, cut where the lowest and the highest third of them lie.

The lower cut is the answer up to which the share of answers is nearest to one third, the upper one that nearest to two
thirds; each third has at least one answer wherever three different ones were given. They are cut by all answers of the
period, followed or not, so that every frame of a run has the same thirds.
"""

#: More common table expressions; "answers" must be one of those before, with a column "value".
CUTS = """, shares AS (
        SELECT value, row_number() OVER (ORDER BY value) AS place, count(*) OVER () AS steps,
               sum(count(*)) OVER (ORDER BY value) / sum(count(*)) OVER () AS upto
          FROM answers GROUP BY value
    ), lower AS (
        SELECT value, place FROM shares
         WHERE place < steps AND place < greatest(steps - 1, 2) ORDER BY abs(upto - 1 / 3.0), value LIMIT 1
    ), cuts AS MATERIALIZED (
        SELECT (SELECT value FROM lower) AS low,
               (SELECT s.value FROM shares s JOIN lower ON s.place > lower.place AND s.place < s.steps
                 ORDER BY abs(s.upto - 2 / 3.0), s.value LIMIT 1) AS middle
    )"""


def band_sql(column: str) -> str:
    """`column` must be the programmer's. With two different answers there is no middle, with one only "high"."""
    return (
        f"CASE WHEN {column} <= (SELECT low FROM cuts) THEN 'low' "
        f"WHEN {column} <= (SELECT middle FROM cuts) THEN 'middle' ELSE 'high' END"
    )
