from datetime import date

import polars as pl

from feedback.demo.facts.tickets import draw_tickets


def test_only_solved_tickets_have_a_solution(month_of):
    tickets = draw_tickets(month_of(-1))
    unsolved = tickets.filter(~pl.col("solved"))

    assert unsolved.height > 0
    assert unsolved["solved_at"].null_count() == unsolved.height
    assert tickets.filter("solved")["solved_day"].null_count() == 0


def test_nothing_is_solved_today_or_later(month_of):
    tickets = draw_tickets(month_of(0))

    assert tickets["solved_day"].max() < date(2026, 11, 21)


def test_solution_takes_as_long_as_it_says(month_of):
    solved = draw_tickets(month_of(-1)).filter("solved")

    took = (solved["solved_at"] - solved["created_at"]).dt.total_seconds()
    assert (took == solved["resolution_s"]).all()
    assert (solved["resolution_s"] >= solved["first_response_s"]).all()
