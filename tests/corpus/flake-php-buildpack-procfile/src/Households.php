<?php

namespace Parish;

final class Households
{
    public static function connect(): \PDO
    {
        $url = parse_url($_ENV['DATABASE_URL']);

        return new \PDO(
            "pgsql:host={$url['host']};dbname=" . ltrim($url['path'], '/'),
            $url['user'],
            $url['pass'],
        );
    }
}
