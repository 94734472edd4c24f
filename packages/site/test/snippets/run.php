<?php

require __DIR__ . '/../../snippets/verify.php';

while (($line = fgets(STDIN)) !== false) {
    $row = json_decode($line, true);
    $accepted = memberpass_verify($row['secrets'], $row['header'], base64_decode($row['body']), $row['now']);
    echo $accepted ? "ok\n" : "refused\n";
}
