/**
 * Payment routes. The slugs of stripe, paypal, razorpay, paystack and access_code were seen literally; the
 * others are documented by name only (docs.memberpass.net/creators/methods), so no field enforces this list.
 */
export const providers = {
	stripe: { label: 'Stripe', evidence: 'documented' },
	paypal: { label: 'PayPal', evidence: 'documented' },
	razorpay: { label: 'Razorpay', evidence: 'documented' },
	paystack: { label: 'Paystack', evidence: 'documented' },
	access_code: { label: 'Access Code', evidence: 'documented' },
	skrill: { label: 'Skrill', evidence: 'inferred' },
	coinpayments: { label: 'CoinPayments', evidence: 'inferred' },
	ceypay: { label: 'CeyPay', evidence: 'inferred' },
	telegram_stars: { label: 'Telegram Stars', evidence: 'inferred' },
} as const;
