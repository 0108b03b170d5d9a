create schema if not exists depot;
create table if not exists depot.parcels (id bigserial primary key, chute smallint, weighed_at timestamptz);
