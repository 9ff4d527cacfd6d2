import datetime
import os
import sys

# The job has the name of the library, which it must not import in its place.
sys.path = [folder for folder in sys.path if folder != os.path.dirname(os.path.abspath(__file__))]

from sqlalchemy import (
    JSON, Boolean, CheckConstraint, Column, Date, DateTime, Enum, ForeignKey, Index, Integer, MetaData, Numeric,
    String, Table, Text, and_, case, cast, create_engine, delete, desc, exists, func, inspect, insert, lateral,
    literal, or_, select, text, true, tuple_, update,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, UUID, insert as pg_insert
from sqlalchemy.orm import Session, aliased, declarative_base, joinedload, relationship, selectinload, subqueryload

engine = create_engine(os.environ["DATABASE_URL"].replace("postgres://", "postgresql+psycopg2://"), pool_size=1)
Base = declarative_base()


class Customer(Base):
    __tablename__ = "customers"
    id = Column(Integer, primary_key=True)
    name = Column(Text, nullable=False)
    email = Column(Text, nullable=False)
    national_id = Column(Text, nullable=False)
    phone = Column(Text)
    region = Column(Text, nullable=False)
    birth_date = Column(Date)
    tags = Column(ARRAY(Text), nullable=False)
    notes = Column(JSONB)
    orders = relationship("Order", back_populates="customer", order_by="Order.id")


class Order(Base):
    __tablename__ = "orders"
    id = Column(Integer, primary_key=True)
    customer_id = Column(ForeignKey("customers.id"), nullable=False)
    status = Column(Enum("placed", "paid", "shipped", "delivered", "returned", "cancelled", name="order_status"))
    ship_to = Column(Text)
    placed_at = Column(DateTime(timezone=True))
    customer = relationship("Customer", back_populates="orders")


class Account(Base):
    __tablename__ = "accounts"
    id = Column(Integer, primary_key=True)
    email = Column(String(120), unique=True)
    token = Column(UUID(as_uuid=False), server_default=func.gen_random_uuid())
    kind = Column(Enum("free", "paid", name="account_kind"), server_default="free")
    balance = Column(Numeric(12, 2), server_default="0")
    settings = Column(JSONB, server_default="{}")
    active = Column(Boolean, default=True)
    created_at = Column(DateTime(timezone=True), server_default=func.now())
    entries = relationship("Entry", cascade="all, delete-orphan", back_populates="account")
    __table_args__ = (CheckConstraint("balance >= 0", name="balance_positive"), Index("accounts_kind", "kind"))


class Entry(Base):
    __tablename__ = "entries"
    id = Column(Integer, primary_key=True)
    account_id = Column(ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False)
    amount = Column(Numeric(12, 2), nullable=False)
    note = Column(Text)
    account = relationship("Account", back_populates="entries")


own = [Account.__table__, Entry.__table__]
Base.metadata.create_all(engine, tables=own)
inspector = inspect(engine)
for table in ("customers", "accounts"):
    inspector.get_columns(table)
    inspector.get_pk_constraint(table)
    inspector.get_foreign_keys(table)
    inspector.get_indexes(table)
    inspector.get_unique_constraints(table)
    inspector.get_check_constraints(table)
    inspector.get_table_comment(table)
inspector.get_view_names()
inspector.get_view_definition("customer_directory")
inspector.get_schema_names()
inspector.get_enums()
inspector.get_sequence_names()
reflected = MetaData()
Table("order_items", reflected, autoload_with=engine)

with Session(engine) as session:
    session.query(Customer).order_by(Customer.id).limit(5).all()
    session.get(Customer, 7)
    session.execute(select(Customer.id, Customer.email).where(Customer.region == "north").order_by(Customer.id).limit(3)).all()
    session.execute(select(Customer).options(selectinload(Customer.orders)).order_by(Customer.id).limit(3)).scalars().all()
    session.execute(select(Order).options(joinedload(Order.customer)).order_by(Order.id).limit(3)).scalars().all()
    session.execute(select(Customer).options(subqueryload(Customer.orders)).where(Customer.id < 4).order_by(Customer.id)).scalars().all()
    session.execute(select(Customer.region, func.count()).group_by(Customer.region).having(func.count() > 1).order_by(desc(func.count()), Customer.region)).all()
    session.execute(select(Order.id, func.row_number().over(partition_by=Order.status, order_by=Order.id)).order_by(Order.id).limit(4)).all()
    session.execute(select(Customer.id).where(or_(Customer.name.ilike("%an%"), Customer.phone.is_(None))).order_by(Customer.id).limit(4)).all()
    session.execute(select(Customer.id).where(Customer.id.in_([1, 2, 3])).order_by(Customer.id)).all()
    session.execute(select(Order.id).where(tuple_(Order.id, Order.customer_id).in_([(1, 1), (2, 2)]))).all()
    session.execute(select(exists().where(Order.customer_id == 3))).scalar()
    session.execute(select(Order.id, case((Order.status == "paid", "yes"), else_="no")).order_by(Order.id).limit(3)).all()
    session.execute(select(cast(Order.placed_at, Date), func.date_trunc("month", Order.placed_at)).order_by(Order.id).limit(2)).all()
    session.execute(select(Customer.notes["preferred"].astext).where(Customer.notes.has_key("preferred")).order_by(Customer.id).limit(2)).all()
    session.execute(select(Customer.id).where(Customer.tags.contains(["vip"])).order_by(Customer.id).limit(2)).all()
    counted = select(Order.customer_id, func.count().label("n")).group_by(Order.customer_id).subquery()
    session.execute(select(Customer.name, counted.c.n).outerjoin(counted, counted.c.customer_id == Customer.id).order_by(Customer.id).limit(3)).all()
    recent = select(Order).where(Order.id < 20).cte("recent")
    session.execute(select(recent.c.status, func.count()).group_by(recent.c.status).order_by(recent.c.status)).all()
    numbers = select(literal(1).label("n")).cte("numbers", recursive=True)
    numbers = numbers.union_all(select(numbers.c.n + 1).where(numbers.c.n < 4))
    session.execute(select(numbers.c.n)).all()
    latest = select(Order.id, Order.status).where(Order.customer_id == Customer.id).order_by(Order.id.desc()).limit(1).lateral()
    session.execute(select(Customer.id, latest.c.status).join(latest, true()).order_by(Customer.id).limit(3)).all()
    session.execute(select(Customer.region).where(Customer.id < 9).union(select(Customer.region).where(Customer.id > 90)).order_by("region")).all()
    session.execute(select(func.count()).select_from(Customer)).scalar()
    session.execute(select(Customer.region).distinct().order_by(Customer.region)).all()
    other = aliased(Customer)
    session.execute(select(Customer.id, other.id).join(other, and_(other.region == Customer.region, other.id > Customer.id)).order_by(Customer.id, other.id).limit(3)).all()
    session.execute(select(Order).where(Order.id == 1).with_for_update()).scalars().one()
    session.execute(select(Order).where(Order.id == 2).with_for_update(skip_locked=True, read=True)).scalars().one()
    session.commit()
    account = Account(email="al@example.com", settings={"a": 1}, entries=[Entry(amount=5, note="first"), Entry(amount=7)])
    session.add(account)
    session.flush()
    account.balance = 12
    session.commit()
    account.entries.pop()
    session.commit()
    session.refresh(account)
    with session.begin_nested():
        session.add(Account(email="nested@example.com"))
    try:
        with session.begin_nested():
            session.add(Account(email="al@example.com"))
    except Exception:
        pass
    session.bulk_save_objects([Account(email=f"bulk{i}@example.com") for i in range(3)])
    session.execute(update(Account).where(Account.email == "bulk1@example.com").values(balance=Account.balance + 1))
    session.execute(update(Customer).where(Customer.id == 15).values(region="west").returning(Customer.id, Customer.region, Customer.email)).all()
    session.execute(insert(Account).values(email="ret@example.com").returning(Account)).all()
    session.execute(pg_insert(Account).values(email="ret@example.com").on_conflict_do_nothing())
    session.execute(
        pg_insert(Account).values(email="ret@example.com", balance=3)
        .on_conflict_do_update(index_elements=["email"], set_={"balance": 3}).returning(Account.id)
    ).all()
    session.execute(delete(Entry).where(Entry.amount > 100))
    session.add(Customer(name="Al Chemy", email="al.chemy@example.com", national_id="5", region="south", tags=[]))
    session.commit()
    session.delete(account)
    session.commit()
    session.execute(text("SELECT id, name FROM customers WHERE region = :region ORDER BY id LIMIT 2"), {"region": "east"}).all()
    session.execute(text("SET LOCAL statement_timeout = '5s'"))
    session.rollback()
with engine.connect().execution_options(stream_results=True) as connection:
    for row in connection.execute(select(Order.id).order_by(Order.id).limit(30)):
        pass
with engine.connect().execution_options(isolation_level="SERIALIZABLE") as connection:
    connection.execute(text("SELECT 1"))
Base.metadata.drop_all(engine, tables=own)
