"""The sentences for the database's rules about containers and the lines of their ledger (see api/core/refusals.py)."""

from api.core.problems import NOT_FOUND
from api.core.refusals import Meaning

MEANINGS = {
    "containers_amount_is_not_negative": Meaning(
        409, "Only {left} is left in this bottle. Take less, or scan a second one.", "amount"
    ),
    "containers_hold_what_their_pack_holds": Meaning(
        409, "This is a pack of {pack}. Does it really hold {held}?", "holds_more"
    ),
    "movements_container_exists": Meaning(404, NOT_FOUND, "container_id"),
    "movements_container_is_there": Meaning(409, "{barcode} was disposed of.", "container_id"),
    "movements_amount_left_is_known": Meaning(
        409, "How much is in {barcode} is not known. Write what is in it first.", "left_before"
    ),
    "movements_amount_is_said": Meaning(422, "Write an amount, such as 2.5 g.", "amount"),
    "movements_typed_amount_has_a_unit": Meaning(422, "Write the unit beside the amount, such as g or mL.", "unit"),
    "movements_sign_fits_the_kind": Meaning(422, "Write an amount above zero.", "amount"),
    "movements_amount_is_a_number": Meaning(
        422, "A container cannot hold that much: an amount must be below 1000000000000 {unit}.", "amount"
    ),
    "weighed_container_has_a_tare": Meaning(
        422, "The tare of {barcode} is not known. Write what the empty container weighs on its label first."
    ),
    "weighed_is_not_less_than_the_tare": Meaning(
        422, "{weighed} is less than the tare of {barcode}, {tare}. Weigh it again, or correct its tare."
    ),
    "weighed_amount_is_a_mass": Meaning(422, "Write the weight with a unit of mass, such as 512.3 g gross."),
    "weighed_content_has_a_density": Meaning(
        422, "What is in {barcode} is kept as a volume. Write the density of its chemical first, or measure the volume."
    ),
    "weighed_content_has_a_mass": Meaning(
        422, "What is in {barcode} is not kept as a mass or volume. Count it instead."
    ),
    "unit_fits_the_container": Meaning(
        422,
        "{unit} does not fit what is kept in {container_unit}. Write the amount in a unit like {container_unit}.",
        "unit",
    ),
}
