"""Drawings of schemes and scorecards: rules, scales."""
