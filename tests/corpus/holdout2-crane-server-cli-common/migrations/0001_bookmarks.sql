create table bookmarks (id serial primary key, url text not null, title text not null, stale bool not null default false);
