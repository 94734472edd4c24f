<?php

/**
 * True only for a delivery signed with one of your secrets in the last five minutes.
 *
 * In Laravel: memberpass_verify([config('services.memberpass.secret')],
 *     $request->header('MP-Signature'), $request->getContent())
 *
 * @param string[]    $secrets one, or the old and the new one during a rotation
 * @param string|null $header  value of MP-Signature
 * @param string      $body    the raw bytes, before any parsing
 * @param int|null    $now     unix seconds
 */
function memberpass_verify(array $secrets, ?string $header, string $body, ?int $now = null): bool
{
    $now ??= time();
    $usable = array_filter($secrets, fn (string $secret) => preg_match('/[^\s\x{a0}]/u', $secret) === 1);
    if ($usable === [] || $header === null || $body === '') {
        return false;
    }

    $times = [];
    $signatures = [];
    foreach (explode(',', $header) as $part) {
        [$name, $value] = array_map('trim', explode('=', $part, 2) + [1 => '']);
        if ($name === 't') {
            $times[] = $value;
        } elseif ($name === 'v1' || $name === 'v0') {
            $signatures[] = $value;
        }
    }
    $time = $times[0] ?? '';
    // Compared as text: PHP takes "1" and "01" for equal.
    $differs = array_filter($times, fn (string $one) => $one !== $time) !== [];
    if ($differs || preg_match('/\A[0-9]{1,12}\z/', $time) !== 1 || abs($now - (int) $time) > 300) {
        return false;
    }

    $matched = false;
    foreach ($usable as $secret) {
        $expected = hash_hmac('sha256', $time . '.' . $body, $secret);
        foreach ($signatures as $signature) {
            if (preg_match('/\A[0-9a-f]{64}\z/i', $signature) === 1
                && hash_equals($expected, strtolower($signature))) {
                $matched = true;
            }
        }
    }
    return $matched;
}
