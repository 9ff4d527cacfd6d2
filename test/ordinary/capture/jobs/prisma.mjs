import { createRequire } from 'node:module';

const require = createRequire(`${process.env.PRISMA_TOOLS}/package.json`);
const { PrismaClient } = require('./generated');
const { PrismaPg } = require('@prisma/adapter-pg');

const prisma = new PrismaClient({
  adapter: new PrismaPg({ connectionString: process.env.DATABASE_URL, max: 1 }),
});
// As `prisma migrate` writes them for the schema beside.
for (const sql of [
  'CREATE TABLE "Device" ("id" TEXT NOT NULL, "email" TEXT, "label" TEXT NOT NULL, "price" DECIMAL(10,2) NOT NULL DEFAULT 0, "data" JSONB NOT NULL DEFAULT \'{}\', "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP, "updatedAt" TIMESTAMP(3) NOT NULL, CONSTRAINT "Device_pkey" PRIMARY KEY ("id"))',
  'CREATE TABLE "Tag" ("id" SERIAL NOT NULL, "name" TEXT NOT NULL, CONSTRAINT "Tag_pkey" PRIMARY KEY ("id"))',
  'CREATE TABLE "_DeviceToTag" ("A" TEXT NOT NULL, "B" INTEGER NOT NULL, CONSTRAINT "_DeviceToTag_AB_pkey" PRIMARY KEY ("A","B"))',
  'CREATE UNIQUE INDEX "Device_email_key" ON "Device"("email")',
  'CREATE UNIQUE INDEX "Tag_name_key" ON "Tag"("name")',
  'CREATE INDEX "_DeviceToTag_B_index" ON "_DeviceToTag"("B")',
  'ALTER TABLE "_DeviceToTag" ADD CONSTRAINT "_DeviceToTag_A_fkey" FOREIGN KEY ("A") REFERENCES "Device"("id") ON DELETE CASCADE ON UPDATE CASCADE',
  'ALTER TABLE "_DeviceToTag" ADD CONSTRAINT "_DeviceToTag_B_fkey" FOREIGN KEY ("B") REFERENCES "Tag"("id") ON DELETE CASCADE ON UPDATE CASCADE',
])
  await prisma.$executeRawUnsafe(sql);
const order = { id: 'asc' };
await prisma.customer.findMany({ take: 5, orderBy: order });
await prisma.customer.findUnique({ where: { id: 7 } });
await prisma.customer.findFirst({ where: { email: 'nobody@example.com' } });
await prisma.customer.findMany({
  where: { region: { in: ['north', 'east'] }, name: { contains: 'an', mode: 'insensitive' } },
  select: { id: true, name: true, email: true },
  skip: 1,
  take: 3,
  orderBy: order,
});
await prisma.customer.findMany({ include: { orders: { orderBy: order, take: 2 } }, take: 3, orderBy: order });
await prisma.order.findMany({
  where: { customer: { region: 'south' } },
  include: { customer: true },
  take: 3,
  orderBy: order,
});
await prisma.customer
  .findMany({ where: { orders: { some: { status: { equals: 'paid' } } } }, take: 2, orderBy: order })
  .catch(() => undefined);
await prisma.customer.findMany({
  include: { _count: { select: { orders: true } } },
  take: 2,
  orderBy: order,
});
await prisma.customer.findMany({ cursor: { id: 10 }, take: 3, orderBy: order });
await prisma.customer.findMany({ where: { tags: { has: 'vip' } }, take: 2, orderBy: order });
await prisma.customer.findMany({
  where: { notes: { path: ['preferred'], equals: 'phone' } },
  take: 2,
  orderBy: order,
});
await prisma.customer.count({ where: { region: 'west' } });
await prisma.customer.groupBy({
  by: ['region'],
  _count: true,
  _max: { id: true },
  orderBy: { region: 'asc' },
});
await prisma.order.aggregate({ _count: true, _min: { id: true }, _avg: { customerId: true } });
await prisma.customer.findMany({ distinct: ['region'], orderBy: [{ region: 'asc' }, { id: 'asc' }] });
const made = await prisma.customer.create({
  data: { name: 'Pri Sma', email: 'pri.sma@example.com', nationalId: '8', region: 'east', tags: [] },
});
await prisma.customer.update({ where: { id: made.id }, data: { name: 'Pri S.' } });
await prisma.customer.delete({ where: { id: made.id } });
await prisma.customer.updateMany({ where: { id: 18 }, data: { region: 'east' } });
const device = await prisma.device.create({
  data: {
    id: 'd-1',
    email: 'dev@example.com',
    label: 'one',
    data: { a: 1 },
    tags: { create: [{ name: 'x' }, { name: 'y' }] },
  },
  include: { tags: true },
});
await prisma.device.createMany({
  data: [
    { id: 'd-2', label: 'two' },
    { id: 'd-3', label: 'three', email: 'three@example.com' },
  ],
  skipDuplicates: true,
});
await prisma.device.createManyAndReturn({ data: [{ id: 'd-4', label: 'four' }] });
await prisma.device.upsert({
  where: { id: 'd-1' },
  update: { label: 'uno' },
  create: { id: 'd-1', label: 'new' },
});
await prisma.device.upsert({
  where: { email: 'three@example.com' },
  update: { price: { increment: 2 } },
  create: { label: 'new', email: 'three@example.com' },
});
await prisma.device.update({
  where: { id: device.id },
  data: { price: { increment: 1.5 }, tags: { disconnect: { name: 'x' }, connect: { name: 'y' } } },
  include: { tags: true },
});
await prisma.device.findMany({
  where: { OR: [{ label: { startsWith: 't' } }, { tags: { some: { name: 'y' } } }] },
  include: { tags: true },
  orderBy: order,
});
await prisma.device.deleteMany({ where: { label: 'four' } });
await prisma.$transaction([prisma.device.count(), prisma.tag.findMany({ orderBy: order })]);
await prisma
  .$transaction(
    async (tx) => {
      await tx.tag.update({ where: { name: 'x' }, data: { name: 'z' } });
      throw new Error('back');
    },
    { isolationLevel: 'Serializable' },
  )
  .catch(() => undefined);
await prisma.$queryRaw`SELECT id, email FROM customers WHERE id = ${4}`;
await prisma.$queryRaw`SELECT * FROM orders WHERE placed_at < ${new Date('2030-01-01')} ORDER BY id LIMIT 2`;
await prisma.device.delete({ where: { id: 'd-1' } });
for (const table of ['_DeviceToTag', 'Device', 'Tag'])
  await prisma.$executeRawUnsafe(`DROP TABLE "${table}"`);
await prisma.$disconnect();
