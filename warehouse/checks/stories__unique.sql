-- story_id is the key of stories.
select story_id
from stories
group by all
having count(*) > 1
