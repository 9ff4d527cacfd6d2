-- Above each statement stands what the policy will do to it. Put the cursor into one and press Ctrl+Enter.

select * from customers;

select region, count(*) as customers from customers group by region order by customers desc;

select o.id, o.placed_at, o.status, c.name, c.email, order_total(o.id) as total
from orders o
join customers c on c.id = o.customer_id
where o.status = 'placed'
order by o.placed_at desc
limit 200;

-- A personal column in an expression is masked before the expression sees it.
select max(card_number), min(national_id) from customers;

select month, category, revenue from monthly_sales order by month, revenue desc;

-- A million rows.
select * from page_views;
