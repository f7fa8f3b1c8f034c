"""The value and the growth of a fact, from the entities that state them."""

from __future__ import annotations

from zhibiao.schema import Amount, Bounded, Direction, Entity, FactGrowth, FactValue, Quantity


def fact_value(entity: Entity, change: Direction | None = None) -> FactValue:
    """What an AMOUNT, QUANTITY or RATIO states; empty bounds where it could not be read. `change`: it is no level."""
    exact = entity.quantity or entity.ratio
    if exact is None:
        return FactValue(entity=entity.id, text=entity.text, value=None, low=None, high=None, unit="", change=change)
    return FactValue(
        entity=entity.id,
        text=entity.text,
        unit=exact.unit,
        per=exact.per if isinstance(exact, Amount | Quantity) else None,
        shown=exact.shown if isinstance(exact, Amount) else None,
        change=change,
        **_bounds(exact),
    )


def fact_growth(entity: Entity | None) -> FactGrowth | None:
    """What a GROWTH states; None where there is none, or it could not be read."""
    exact = entity.growth if entity else None
    if entity is None or exact is None:
        return None
    return FactGrowth(
        entity=entity.id,
        text=entity.text,
        unit=exact.unit,
        direction=exact.direction,
        factor=exact.factor,
        base=exact.base,
        **_bounds(exact),
    )


def _bounds(exact: Bounded) -> dict[str, object]:
    return {name: getattr(exact, name) for name in Bounded.model_fields}
