require 'active_record'

ActiveRecord::Base.establish_connection(ENV.fetch('DATABASE_URL').sub('postgres://', 'postgresql://'))
class Customer < ActiveRecord::Base
  has_many :orders
end
class Order < ActiveRecord::Base
  belongs_to :customer
end
ActiveRecord::Migration.verbose = false
ActiveRecord::Schema.define do
  create_table :gadgets do |t|
    t.string :name, limit: 40, null: false
    t.string :email, index: { unique: true }
    t.decimal :price, precision: 8, scale: 2, default: 0
    t.jsonb :data, default: {}
    t.references :customer, foreign_key: true
    t.timestamps
  end
  add_column :gadgets, :colour, :string
  add_index :gadgets, :colour
  rename_column :gadgets, :colour, :shade
  change_column_null :gadgets, :price, false
  remove_index :gadgets, :shade
  remove_column :gadgets, :shade
end
class Gadget < ActiveRecord::Base
  belongs_to :customer
end
Customer.order(:id).limit(5).to_a
Customer.find(7)
Customer.find_by(email: 'nobody@example.com')
Customer.where(region: %w[north west]).order(id: :desc).offset(2).limit(3).to_a
Customer.where('name ILIKE ?', '%an%').where.not(phone: nil).order(:id).pluck(:id, :name)
Customer.joins(:orders).where(orders: { status: 'paid' }).distinct.order(:id).limit(3).to_a
Customer.includes(:orders).order(:id).limit(3).to_a
Customer.eager_load(:orders).where(orders: { id: 1..4 }).order('orders.id').to_a
Customer.left_outer_joins(:orders).group('customers.id').order('customers.id').limit(3).count('orders.id')
Customer.group(:region).having('count(*) > 1').order(:region).count
Customer.exists?(region: 'south')
Order.maximum(:id)
Order.where(status: 'paid').sum(:id)
Order.order(:id).find_each(batch_size: 100).first
Customer.select('id, name, length(region) AS size').order(:id).first
Order.where(id: Order.select(:id).where(status: 'paid')).order(:id).limit(2).to_a
Customer.order(:id).first
Customer.order(:id).last
made = Customer.create!(name: 'Ac Tive', email: 'ac.tive@example.com', national_id: '3', region: 'north', tags: [])
made.update!(name: 'Ac T.')
made.reload
made.destroy!
Customer.where(id: 17).update_all(region: 'east')
gadget = Gadget.create!(name: 'one', email: 'g@example.com', data: { a: 1 }, customer_id: 3)
Gadget.insert_all([{ name: 'two', created_at: Time.utc(2026), updated_at: Time.utc(2026) }])
Gadget.upsert({ id: gadget.id, name: 'uno', created_at: Time.utc(2026), updated_at: Time.utc(2026) })
gadget.increment!(:price, 3)
gadget.touch
Gadget.where("data ->> 'a' = ?", '1').to_a
Gadget.transaction do
  Gadget.lock.find(gadget.id)
  Gadget.transaction(requires_new: true) do
    Gadget.delete_all
    raise ActiveRecord::Rollback
  end
end
Gadget.connection.tables
Gadget.connection.indexes('customers')
Gadget.connection.foreign_keys('orders')
Gadget.connection.primary_keys('order_items')
Gadget.connection.views
Gadget.connection.columns('customers')
Gadget.connection.execute('SELECT 1')
Gadget.connection.select_all('SELECT id, region FROM customers ORDER BY id LIMIT 2')
Gadget.connection.truncate(:gadgets)
Gadget.connection.drop_table(:gadgets)
