<?php

declare(strict_types=1);

use Slim\Factory\AppFactory;
use Village\Notices;

require __DIR__ . '/../vendor/autoload.php';

$notices = new Notices(getenv('DATABASE_URL') ?: throw new RuntimeException('DATABASE_URL is missing'));

$app = AppFactory::create();
$app->get('/', function ($request, $response) use ($notices) {
    $response->getBody()->write(json_encode($notices->current()));
    return $response->withHeader('Content-Type', 'application/json');
});
$app->run();
