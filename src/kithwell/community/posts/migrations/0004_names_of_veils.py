"""The other names people write under are compared as accounts' names are, so that nobody takes one as their own."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from kithwell.people.rules import name_key


def fill(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    veil = apps.get_model("community_posts", "Veil")
    some = []
    for row in veil.objects.only("id", "name").iterator(chunk_size=2_000):
        row.name_key = name_key(row.name)
        some.append(row)
        if len(some) == 2_000:
            veil.objects.bulk_update(some, ["name_key"])
            some = []
    veil.objects.bulk_update(some, ["name_key"])


class Migration(migrations.Migration):
    dependencies = [("community_posts", "0003_brought_to_the_team")]

    operations = [
        migrations.AddField(
            model_name="veil",
            name="name_key",
            field=models.CharField(default="", max_length=80),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="veil",
            name="name_key",
            field=models.CharField(db_index=True, default="", max_length=80),
        ),
    ]
