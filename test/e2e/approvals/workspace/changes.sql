-- Each of these waits for somebody of dba.
update customers set name = 'Approved' where id in (1, 2, 3) returning id, name, email;

update customers set name = 'Denied' where region = 'north' returning id, name;

update customers set name = 'Proposed' where id < 100 returning id, name;

update customers set name = 'Withdrawn' where id = 5 returning id, name;

update customers set name = 'Cancelled' where id = 6 returning id, name;

update orders set status = 'shipped' where id = 7 returning id, status;

update customers set name = 'Reloaded' where id = 8 returning id, name;

update customers set name = 'Restarted' where id = 9 returning id, name;

update products set in_stock = 0 where id = 10 returning id, in_stock;

update customers set name = 'Beforehand' where id = 11 returning id, name;

select id, email from customers where id = 12;
