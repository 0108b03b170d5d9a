<?php

declare(strict_types=1);

namespace Village;

final class Notices
{
    private \PDO $db;

    public function __construct(string $url)
    {
        $u = parse_url($url);
        $this->db = new \PDO("pgsql:host={$u['host']};dbname=" . ltrim($u['path'], '/'), $u['user'], $u['pass']);
    }

    public function current(): array
    {
        return $this->db->query('select title, until from notices where until >= now()')->fetchAll();
    }
}
