-- What the gateway's own role may do: read and write the shop's rows, and nothing of the server's.
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO sluice_gateway;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO sluice_gateway;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO sluice_gateway;
REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC;
GRANT EXECUTE ON FUNCTION order_total(integer) TO sluice_gateway;
GRANT EXECUTE ON FUNCTION customer_card(integer) TO sluice_gateway;
