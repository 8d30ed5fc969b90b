"""The formula language: parse, check, compile and explain what a KPI measures. Pure Python."""

from kpi.formula.compiler import Formula, compile_formula, measures_for
from kpi.formula.errors import FormulaError

__all__ = ["Formula", "FormulaError", "compile_formula", "measures_for"]
