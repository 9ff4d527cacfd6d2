import os
import sys

# The job has the name of the library, which it must not import in its place.
sys.path = [folder for folder in sys.path if folder != os.path.dirname(os.path.abspath(__file__))]
import django
from django.conf import settings

settings.configure(
    INSTALLED_APPS=["__main__", "django.contrib.contenttypes", "django.contrib.auth", "django.contrib.sessions", "django.contrib.postgres"],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": os.environ["PGDATABASE"], "USER": os.environ["PGUSER"], "PASSWORD": os.environ["PGPASSWORD"],
            "HOST": os.environ["PGHOST"], "PORT": os.environ["PGPORT"],
        }
    },
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    USE_TZ=True,
)
django.setup()
from django.contrib.auth.models import Group, Permission, User
from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector
from django.core.management import call_command
from django.db import connection, models, transaction
from django.db.models import Avg, Case, Count, Exists, F, Max, OuterRef, Prefetch, Q, Subquery, Sum, Value, When, Window
from django.db.models.functions import Coalesce, Concat, ExtractYear, Length, Lower, Rank, TruncMonth


class Customer(models.Model):
    id = models.AutoField(primary_key=True)
    name = models.TextField()
    email = models.TextField()
    national_id = models.TextField()
    phone = models.TextField(null=True)
    region = models.TextField()
    notes = models.JSONField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "__main__"
        managed = False
        db_table = "customers"


class Order(models.Model):
    id = models.AutoField(primary_key=True)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="orders")
    status = models.TextField()
    ship_to = models.TextField()
    placed_at = models.DateTimeField()

    class Meta:
        app_label = "__main__"
        managed = False
        db_table = "orders"


class Ticket(models.Model):
    title = models.CharField(max_length=80)
    email = models.EmailField(null=True, db_index=True)
    customer = models.ForeignKey(Customer, models.CASCADE)
    priority = models.IntegerField(default=1)
    data = models.JSONField(default=dict)

    class Meta:
        app_label = "__main__"


call_command("migrate", verbosity=0)
with connection.schema_editor() as editor:
    editor.create_model(Ticket)
    field = models.CharField(max_length=20, null=True)
    field.set_attributes_from_name("colour")
    editor.add_field(Ticket, field)
    editor.remove_field(Ticket, field)
    editor.add_index(Ticket, models.Index(fields=["priority"], name="ticket_priority"))
    editor.remove_index(Ticket, models.Index(fields=["priority"], name="ticket_priority"))
call_command("inspectdb", "customers", "orders", stdout=open(os.devnull, "w"))

list(Customer.objects.order_by("id")[:5])
Customer.objects.get(pk=7)
Customer.objects.filter(region="north").count()
Customer.objects.filter(email="nobody@example.com").exists()
list(Customer.objects.filter(Q(name__icontains="an") | Q(phone__isnull=True)).order_by("id")[3:6])
list(Customer.objects.values("region").annotate(n=Count("orders"), top=Max("orders__id")).order_by("region"))
list(Order.objects.select_related("customer").filter(id__in=[1, 2, 3]).order_by("id"))
list(Customer.objects.prefetch_related("orders").order_by("id")[:3])
list(Customer.objects.prefetch_related(Prefetch("orders", queryset=Order.objects.filter(status="paid"))).order_by("id")[:2])
list(Customer.objects.annotate(last=Subquery(Order.objects.filter(customer=OuterRef("pk")).order_by("-id").values("id")[:1])).order_by("id")[:3])
list(Customer.objects.filter(Exists(Order.objects.filter(customer=OuterRef("pk"), status="paid"))).order_by("id")[:3])
list(Order.objects.annotate(month=TruncMonth("placed_at"), year=ExtractYear("placed_at")).values("month").annotate(n=Count("id")).order_by("month")[:3])
list(Order.objects.annotate(place=Window(Rank(), partition_by=[F("status")], order_by=F("id").asc())).order_by("id")[:3])
list(Customer.objects.annotate(kind=Case(When(region="north", then=Value("n")), default=Value("o")), size=Length("name")).order_by("id")[:3])
list(Customer.objects.annotate(label=Concat("name", Value(" "), "region")).order_by(Lower("name"), "id")[:3])
list(Customer.objects.only("id", "name").order_by("-id")[:2])
list(Customer.objects.defer("email").order_by("id")[:2])
list(Customer.objects.filter(notes__preferred="phone").order_by("id")[:2])
list(Customer.objects.filter(id__range=(1, 5)).exclude(region="north").values_list("id", flat=True).order_by("id"))
list(Customer.objects.distinct("region").order_by("region", "id"))
list(Customer.objects.annotate(search=SearchVector("name")).filter(search=SearchQuery("ada")).order_by("id")[:2])
list(Customer.objects.annotate(rank=SearchRank(SearchVector("name"), SearchQuery("ada"))).order_by("-rank", "id")[:2])
Order.objects.aggregate(n=Count("id"), a=Avg("customer_id"), s=Coalesce(Sum("id"), 0))
list(Order.objects.filter(id__lt=5).union(Order.objects.filter(id__gt=10, id__lt=12)).order_by("id"))
made = Customer.objects.create(name="Dan Go", email="dan.go@example.com", national_id="7", region="east")
made.name = "Dan G."
made.save()
made.delete()
Customer.objects.filter(pk=16).update(region="west")
Order.objects.filter(pk=1).update(status="paid", customer_id=F("customer_id"))
ticket = Ticket.objects.create(title="one", email="t@example.com", customer_id=3, data={"k": [1]})
Ticket.objects.bulk_create([Ticket(title=f"t{i}", customer_id=i + 1) for i in range(3)])
Ticket.objects.bulk_create([Ticket(title="again", customer_id=1)], ignore_conflicts=True)
tickets = list(Ticket.objects.order_by("id"))
for one in tickets:
    one.priority = 5
Ticket.objects.bulk_update(tickets, ["priority"])
Ticket.objects.update_or_create(title="one", defaults={"priority": 2})
Ticket.objects.get_or_create(title="fresh", defaults={"customer_id": 2})
list(Ticket.objects.filter(data__k__0=1))
list(Ticket.objects.filter(customer__region="north").select_related("customer").order_by("id"))
Ticket.objects.filter(customer__region="nowhere").delete()
Ticket.objects.all().delete()
with transaction.atomic():
    Order.objects.select_for_update().get(pk=1)
    Order.objects.select_for_update(skip_locked=True, of=("self",)).select_related("customer").filter(pk=2).first()
    try:
        with transaction.atomic():
            Group.objects.create(name="x")
            raise ValueError
    except ValueError:
        pass
user = User.objects.create_user("ann", "ann@example.com", "secret")
group = Group.objects.create(name="staff")
user.groups.add(group)
user.user_permissions.add(Permission.objects.order_by("id").first())
user.has_perm("auth.add_user")
list(User.objects.filter(groups__name="staff"))
user.delete()
list(Order.objects.order_by("id").iterator(chunk_size=50))
list(Customer.objects.raw("SELECT id, name FROM customers WHERE region = %s ORDER BY id LIMIT 2", ["south"]))
Customer.objects.filter(pk=3).explain()
with connection.cursor() as cursor:
    connection.introspection.table_names(cursor)
    connection.introspection.get_table_description(cursor, "customers")
    connection.introspection.get_constraints(cursor, "customers")
    connection.introspection.get_sequences(cursor, "customers")
with connection.schema_editor() as editor:
    editor.delete_model(Ticket)
