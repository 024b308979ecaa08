"""The database itself refuses to change an audit entry; PostgreSQL refuses to delete one, too.

SQLite has no trigger on DELETE, because emptying tables between tests uses DELETE there; a missing row shows in
`audit.verify()` on both.
"""

from django.db import migrations

_SQLITE = """
CREATE TRIGGER audit_no_update BEFORE UPDATE ON kernel_auditentry
BEGIN SELECT RAISE(ABORT, 'audit entries are never changed'); END
"""
_POSTGRES = """
CREATE FUNCTION kernel_audit_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'audit entries are never changed'; END $$;
CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON kernel_auditentry
FOR EACH ROW EXECUTE FUNCTION kernel_audit_refuse()
"""


def protect(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    schema_editor.execute(_POSTGRES if vendor == "postgresql" else _SQLITE)


def unprotect(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER audit_no_change ON kernel_auditentry")
        schema_editor.execute("DROP FUNCTION kernel_audit_refuse()")
    else:
        schema_editor.execute("DROP TRIGGER audit_no_update")


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_start")]
    operations = [migrations.RunPython(protect, unprotect)]
