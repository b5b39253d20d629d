-- Lower end of the 95 % Wilson interval of k successes in n.
create or replace macro wilson_low(k, n) as
    case when n > 0 and k = 0 then 0.0 when n > 0 then greatest(0.0,
        (k / n + 1.9208 / n - 1.96 * sqrt(k / n * (1 - k / n) / n + 0.9604 / (n * n))) / (1 + 3.8416 / n)
    ) end
