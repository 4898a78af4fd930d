from django.db import migrations

# The table of Django's database cache (settings.CACHES), where rate limits and used codes are counted for every
# process. Unlogged: after a crash counting begins anew, and a try costs no flush to disk.
LIMITS = """
create unlogged table accounts_limit (
    cache_key varchar(255) primary key,
    value text not null,
    expires timestamptz not null
);
create index accounts_limit_expires on accounts_limit (expires);
"""
# Sessions from before end after ten hours without their person, too.
SHORTEN = "update django_session set expire_date = least(expire_date, now() + interval '10 hours')"


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("sessions", "0001_initial")]
    operations = [
        migrations.RunSQL(LIMITS, "drop table accounts_limit"),
        migrations.RunSQL(SHORTEN, migrations.RunSQL.noop),
    ]
