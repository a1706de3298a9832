palmares_test(calc_test SOURCES calc_test.cc DEPS palmares_calc)
