import base64
import csv
import io
from pathlib import Path
from unittest import skipUnless
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from ...models.tracking.doors import file_work, work
from ...wizards import tracking_file
from .doors_case import NUMBER, DoorsCase

EDI = Path(__file__).resolve().parents[5] / "shared" / "data" / "edi"
GERMAN = f"""Sendungsnummer;Datum;Uhrzeit;Status;Ort;PLZ;Land;Bemerkung
{NUMBER};2.3.2026;10:00;in_transit;Köln;50667;DE;Angekommen
{NUMBER};3.3.2026;09:30;delivered;Milano;20121;IT;Zugestellt
X-UNKNOWN;3.3.2026;09:30;delivered;;;;
;3.3.2026;09:30;delivered;;;;ohne Nummer
{NUMBER};31.2.2026;09:30;delivered;;;;=HYPERLINK("http://evil")
"""
X12 = (
    "ISA*00*          *00*          *02*CPC            *ZZ*1              "
    "*260302*1100*U*00401*000000001*0*P*>~GS*QM*CPC*1*20260302*1100*1*X*004010~ST*214*0001~"
    f"B10*{NUMBER}*REF*UPSN~LX*1~AT7*D1*NS***20260302*1100*ET~MS1*TORONTO*ON*CA~"
    "SE*6*0001~GE*1*1~IEA*1*000000001~"
)


@tagged("post_install", "-at_install")
class TestFileImport(DoorsCase):
    """Files that people bring: any layout, as often as they like."""

    def wizard(self, content, filename="events.csv", **values):
        body = content if isinstance(content, bytes) else content.encode()
        wizard = self.env["oms.tracking.file.import"].create(
            {
                "file": base64.b64encode(body),
                "filename": filename,
                "company_id": self.company.id,
            }
            | values
        )
        wizard.action_check()
        return wizard

    def bring(self, content, filename="events.csv", **values):
        """The message of a file that was imported as the wizard proposes."""
        action = self.wizard(content, filename, **values).action_import()
        return self.env["oms.tracking.message"].browse(action["res_id"])

    # --- CSV --------------------------------------------------------------------------------------

    def test_a_csv_file_is_understood_before_it_is_stored(self):
        wizard = self.wizard(GERMAN)
        self.assertEqual(
            {one.title: one.field for one in wizard.column_ids},
            {
                "Sendungsnummer": "tracking_number",
                "Datum": "occurred_at",
                "Uhrzeit": "occurred_time",
                "Status": "status",
                "Ort": "location",
                "PLZ": "postcode",
                "Land": "country",
                "Bemerkung": "description",
            },
        )
        self.assertEqual((wizard.date_order, wizard.delimiter), ("dmy", ";"))
        first, _second, _third, fourth, fifth = wizard.preview_ids
        self.assertEqual((first["number"], first["zone"]), (NUMBER, "Europe/Berlin"))
        self.assertTrue(first["state"])
        self.assertIn("tracking_number", fourth["error"])
        self.assertIn("31.2.2026", fifth["error"])
        # Nothing is stored by looking.
        self.assertFalse(self.env["oms.tracking.message"].search([]))
        self.assertFalse(self.parcel.event_count)

    def test_a_csv_file_is_stored_and_its_bad_lines_come_back(self):
        message = self.bring(GERMAN)
        self.assertEqual(message.state, "done")
        self.assertEqual(
            (message.stored_count, message.unmatched_count, message.reject_count), (2, 1, 2)
        )
        self.assertEqual((message.rows_done, message.rows_total), (5, 5))
        self.assertEqual(self.parcel.state, "delivered")
        self.assertEqual(str(self.parcel.event_ids[-1].occurred_at), "2026-03-02 09:00:00")
        rows = list(
            csv.DictReader(io.StringIO(base64.b64decode(message.rejects_file).decode("utf-8-sig")))
        )
        self.assertEqual([row["line"] for row in rows], ["5", "6"])
        self.assertIn("missing", rows[0]["error"])

    def test_what_comes_back_is_no_formula(self):
        message = self.bring("number,date,status\n=1+1,soon,x\n@SUM(A1),soon,x\n-2,soon,x\n")
        text = base64.b64decode(message.rejects_file).decode("utf-8-sig")
        for row in csv.reader(io.StringIO(text)):
            for cell in row:
                self.assertNotIn(cell[:1], ("=", "+", "-", "@"))

    def test_the_same_file_twice_changes_nothing(self):
        message = self.bring(GERMAN)
        events = self.parcel.event_ids
        again = self.bring(GERMAN, source_id=message.source_id.id, filename="copy.csv")
        self.assertEqual(again, message)
        other = self.bring(GERMAN)  # by another source: all is known already
        self.assertNotEqual(other, message)
        self.assertEqual((other.stored_count, other.duplicate_count), (0, 3))
        self.assertEqual(self.parcel.event_ids, events)

    def test_columns_are_remembered(self):
        file = "A;B;C;D\nin_transit;{};2026-03-0{}T10:00;x\n"
        wizard = self.wizard(file.format(NUMBER, 1))
        with self.assertRaises(UserError):
            wizard.action_import()  # nobody can guess these
        for title, name in (("A", "status"), ("B", "tracking_number"), ("C", "occurred_at")):
            wizard.column_ids.filtered(lambda one, title=title: one.title == title).field = name
        message = self.env["oms.tracking.message"].browse(wizard.action_import()["res_id"])
        self.assertEqual(message.stored_count, 1)
        source = message.source_id
        again = self.bring(file.format(NUMBER, 2), source_id=source.id)
        self.assertEqual((again.stored_count, again.source_id), (1, source))
        self.assertEqual(self.parcel.event_count, 2)

    def test_carrier_codes_and_clock_of_a_file(self):
        gls = self.env.ref("oms_extension.carrier_gls")
        self.shipment("G1", oms_carrier_id=gls.id)
        message = self.bring(
            "number,date,code\nG1,2026-07-01 10:00,X7\n",
            carrier_id=gls.id,
            tz="Europe/Rome",
            vocabulary="gls:italy",
        )
        event = self.env["oms.shipment.event"].search([("message_id", "=", message.id)])
        self.assertEqual((event.carrier_code, event.vocabulary), ("gls", "gls:italy"))
        self.assertEqual(str(event.occurred_at), "2026-07-01 08:00:00")
        self.assertEqual(message.source_id.name, "GLS: CSV")

    def test_estimates_are_no_events(self):
        message = self.bring(f"number,eta\n{NUMBER},2026-03-09\n")
        self.assertEqual((message.stored_count, message.reject_count), (0, 0))
        self.assertEqual(self.parcel.carrier_eta_at.date().isoformat(), "2026-03-09")
        self.assertFalse(self.parcel.event_count)

    def test_files_that_are_none(self):
        for content in (b"   ", b"\xff\xfe\xd8", b'a,b\n"' + b"x" * 200_000):
            with self.assertRaises(UserError):
                self.wizard(content).action_import()
        with patch.object(tracking_file, "LARGEST", 10), self.assertRaises(UserError):
            self.wizard(GERMAN)

    # --- other formats ----------------------------------------------------------------------------

    def test_x12_and_json_by_their_looks(self):
        wizard = self.wizard(X12, "status.edi")
        self.assertEqual((wizard.format, wizard.is_csv), ("x12_214", False))
        self.assertEqual(len(wizard.preview_ids), 1)
        message = self.bring(X12, "status.edi")
        self.assertEqual((message.stored_count, self.parcel.state), (1, "delivered"))
        wizard = self.wizard(self.body(at="2026-03-01T10:00:00Z"), "events.json")
        self.assertEqual(wizard.format, "standard")

    def test_a_file_of_another_kind_says_so(self):
        wizard = self.wizard("ISA*nonsense", "status.edi")
        self.assertIn("ISA", wizard.problem)
        action = wizard.action_import()
        message = self.env["oms.tracking.message"].browse(action["res_id"])
        self.assertEqual(message.state, "failed")
        self.assertIn("ISA", message.error)

    @skipUnless(EDI.is_dir(), "the samples of EDI messages are not here")
    def test_real_edi_files(self):
        for name, kind, count in (
            ("x12_214_canadapost.edi", "x12_214", 19),
            ("x12_214_odd_terminator.edi", "x12_214", 1),
            ("iftsta_d00b_container.edi", "edifact_iftsta", 1),
        ):
            message = self.bring((EDI / name).read_bytes(), name)
            self.assertEqual(message.source_id.format, kind)
            self.assertEqual((message.state, message.reject_count), ("done", 0), message.rejects)
            self.assertEqual(message.unmatched_count, count)

    # --- large ones -------------------------------------------------------------------------------

    def many(self, count):
        rows = "".join(
            f"L{number},2026-03-02 10:{number % 60:02},in_transit\n" for number in range(count)
        )
        return f"number,date,status\n{rows}"

    def test_a_long_file_is_stored_in_slices(self):
        with patch.object(tracking_file, "AT_ONCE", 10):
            message = self.bring(self.many(3500))
        self.assertEqual((message.state, message.rows_total), ("new", 3500))
        with patch.object(file_work, "SLICE_SECONDS", 0):
            for done in (1000, 2000):
                message._work_slice()
                self.assertEqual((message.state, message.rows_done), ("new", done))
        self.assertAlmostEqual(message.progress, 57.1, 1)
        # The server dies and comes back: it goes on where it was.
        self.work()
        self.assertEqual((message.state, message.rows_done), ("done", 3500))
        self.assertEqual(message.unmatched_count, 3500)

    def test_webhooks_do_not_wait_for_files(self):
        with patch.object(tracking_file, "AT_ONCE", 10):
            file = self.bring(self.many(5000))
        hook = self.keep(self.body())
        seen = []
        original = type(file)._work_slice

        def slice_and_look(messages):
            seen.append(hook.state)
            return original(messages)

        with (
            patch.object(type(file), "_work_slice", slice_and_look),
            patch.object(file_work, "SLICE_SECONDS", 0),
        ):
            self.work()
        self.assertEqual(file.state, "done")
        self.assertGreater(len([one for one in seen if one == "done"]), 3)

    def test_a_file_that_fails_in_its_middle_goes_on_there(self):
        with patch.object(tracking_file, "AT_ONCE", 10):
            message = self.bring(self.many(2500))
        original = type(self.env["oms.tracking.ingest"])._take

        def take(ingest, events, *args, **kwargs):
            if events[0]["tracking_number"] == "L1000":
                raise ZeroDivisionError("a bug")
            return original(ingest, events, *args, **kwargs)

        with (
            patch.object(type(self.env["oms.tracking.ingest"]), "_take", take),
            patch.object(file_work, "SLICE_SECONDS", 0),
            mute_logger(file_work.__name__, work.__name__),
        ):
            self.work()
        self.assertEqual((message.state, message.rows_done), ("new", 1000))
        self.assertIn("a bug", message.error)
        message._work_slice()
        self.assertEqual((message.state, message.unmatched_count), ("done", 2500))

    def test_a_thousand_bad_lines_are_counted_and_listed_up_to_a_limit(self):
        rows = "".join(f"R{number},never,x\n" for number in range(1500))
        message = self.bring(f"number,date,status\n{rows}")
        self.assertEqual((message.reject_count, len(message.rejects)), (1500, work.MOST_REJECTS))

    # --- who may ----------------------------------------------------------------------------------

    def test_users_bring_files_and_readers_do_not(self):
        user = new_test_user(
            self.env,
            "file_user",
            "oms_extension.group_user",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        values = {"file": base64.b64encode(GERMAN.encode()), "company_id": self.company.id}
        wizard = self.env["oms.tracking.file.import"].with_user(user).create(values)
        wizard.action_check()
        action = wizard.action_import()
        message = self.env["oms.tracking.message"].with_user(user).browse(action["res_id"])
        self.assertEqual(message.stored_count, 2)
        self.assertIn("Sendungsnummer", message.body_text)
        reader = new_test_user(self.env, "file_reader", "oms_extension.group_readonly")
        with self.assertRaises(AccessError):
            self.env["oms.tracking.file.import"].with_user(reader).create(values)
        with self.assertRaises(AccessError):
            message.with_user(reader).read(["body"])

    def test_a_file_is_for_a_company_of_the_user(self):
        other = self.env["res.company"].create({"name": "Other Shop"})
        user = new_test_user(
            self.env,
            "file_other",
            "oms_extension.group_user",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        theirs = self.env["oms.tracking.file.import"].with_user(user)
        theirs = theirs.with_context(allowed_company_ids=other.ids)
        body = base64.b64encode(GERMAN.encode())
        with self.assertRaises(AccessError):
            theirs.create({"file": body, "company_id": self.company.id})
        wizard = theirs.create({"file": body, "company_id": other.id})
        wizard.action_check()
        wizard.action_import()
        self.assertFalse(self.parcel.event_count)
        source = self.source(name="Ours", kind="file", format="csv", secret=False)
        wizard = theirs.create({"file": body, "company_id": other.id})
        wizard.action_check()
        with self.assertRaises(UserError):
            wizard.write({"source_id": source.id})
            wizard.action_import()
        self.assertFalse(self.parcel.event_count)

    def test_the_form_previews_while_columns_are_chosen(self):
        wizard = self.wizard(f"A,B,C\nin_transit,{NUMBER},2026-03-02\n")
        with Form(wizard) as form:
            self.assertIn("tracking_number", form.problem)
            for at, name in enumerate(("status", "tracking_number", "occurred_at")):
                with form.column_ids.edit(at) as column:
                    column.field = name
            self.assertFalse(form.problem)
            self.assertEqual(form.preview_ids[0]["number"], NUMBER)
