// log, exp and pow with the same last bit on every machine: the C library picks its own by the
// processor it finds (with or without fused multiply-add), which would change a run's fingerprint.
// After fdlibm's e_log.c and e_exp.c algorithms; error below 1 ulp, tested against the C library.
#pragma once

namespace evenkeel::portable {

/// Natural logarithm of x >= 0; log(0) is -infinity.
double log(double x);
double exp(double x);
/// x^y for x >= 0, as exp(y log x): a relative error of about |y log x| ulp.
double pow(double x, double y);

}  // namespace evenkeel::portable
