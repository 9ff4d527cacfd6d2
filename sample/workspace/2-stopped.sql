-- Nothing here reaches the database for a developer alone: it is blocked, or waits for somebody of dba. The sentence
-- above each says by which rule, and why.

update customers set region = 'north';

delete from orders where id = 4711;

drop table page_views;

select pg_read_file('/etc/passwd');
