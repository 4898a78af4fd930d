"""What search compares, as immutable functions so that generated columns may use them.

pg_trgm and unaccent are not in every PostgreSQL (the embedded one has neither), so accents are folded by Unicode
normalisation, and typing mistakes are forgiven by an array of trigrams with an ordinary GIN index.
BEGIN ATOMIC bodies are bound when they are made, so a dump restores whatever its search_path is.
"""

from django.db import migrations

FUNCTIONS = r"""
create function catalog_fold(value text) returns text immutable parallel safe strict language sql
begin atomic
    select lower(regexp_replace(normalize(value, nfkd), '[\u0300-\u036f]', '', 'g'));
end;

create function catalog_trigrams(value text) returns text[] immutable parallel safe strict language sql
begin atomic
    select coalesce(array_agg(distinct substr(padded, start, 3)), '{}')
    from (
        select '  ' || word || ' ' as padded
        from regexp_split_to_table(catalog_fold(value), '[\s[:punct:]]+') as word
        where word <> ''
    ) words, generate_series(1, length(padded) - 2) as start;
end;

-- Share of the trigrams in `wanted` that `present` holds: 0 to 1, forgiving longer names.
create function catalog_likeness(present text[], wanted text[]) returns double precision
immutable parallel safe strict language sql
begin atomic
    select count(*) filter (where trigram = any (present))::double precision / greatest(count(*), 1)
    from unnest(wanted) as trigram;
end;

create function catalog_title_search(name text, tags text[], credit text, description text) returns tsvector
immutable parallel safe strict language sql
begin atomic
    select setweight(to_tsvector('simple'::regconfig, catalog_fold(name)), 'A')
        || setweight(to_tsvector('simple'::regconfig, catalog_fold((
               select coalesce(string_agg(tag, ' '), '') from unnest(tags) as tag))), 'B')
        || setweight(to_tsvector('simple'::regconfig, catalog_fold(credit)), 'C')
        || setweight(to_tsvector('simple'::regconfig, catalog_fold(description)), 'D');
end;

create function catalog_channel_search(name text, handle text) returns tsvector
immutable parallel safe strict language sql
begin atomic
    select to_tsvector('simple'::regconfig, catalog_fold(name || ' ' || handle));
end;
"""

DROP = """
drop function catalog_channel_search, catalog_title_search, catalog_likeness, catalog_trigrams, catalog_fold;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [migrations.RunSQL(FUNCTIONS, DROP)]
