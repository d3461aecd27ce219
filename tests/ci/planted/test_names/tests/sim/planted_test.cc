TEST(Queue, keeps_order) {}
