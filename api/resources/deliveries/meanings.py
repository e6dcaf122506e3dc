"""The sentences for the database's rules about deliveries and new containers (see api/core/refusals.py)."""

from api.core.problems import NOT_FOUND
from api.core.refusals import Meaning

MEANINGS = {
    "containers_barcode_is_taken": Meaning(409, "This barcode is on another container of the lab.", "barcode"),
    "containers_barcode_is_taken_in_another_case": Meaning(
        409, "This barcode is on another container of the lab, in capital or small letters.", "barcode"
    ),
    "containers_barcode_is_printable": Meaning(
        422, "A barcode has letters, digits and . _ : + - only, at most 64 of them.", "barcode"
    ),
    "containers_chemical_exists": Meaning(404, NOT_FOUND, "chemical_id"),
    "containers_chemical_is_not_retired": Meaning(
        409, "{name} was retired as no longer available. List it as a new chemical.", "chemical_id"
    ),
    "containers_price_has_a_currency": Meaning(422, "Write the currency beside the price, such as EUR.", "currency"),
    "containers_pack_size_has_a_unit": Meaning(422, "Write the unit beside the pack size, such as mL.", "pack_unit"),
    "movements_receive_comes_first": Meaning(409, "{barcode} was received already."),
    "delivery_exists": Meaning(404, NOT_FOUND),
    "deliveries_are_taken_back_by_author_or_manager": Meaning(
        403, "Only the member who received the delivery, within a day, or a manager can take it back."
    ),
    "deliveries_are_taken_back_once": Meaning(409, "This receipt was taken back already."),
    "deliveries_are_taken_back_while_nothing_moved": Meaning(
        409, "Something happened since: {moved}. Undo that first. Nothing was taken back."
    ),
    "deliveries_received_on_is_plausible": Meaning(422, "Write a day from 1950 on.", "received_on"),
    "deliveries_received_on_has_come": Meaning(422, "This day has not come yet.", "received_on"),
}
